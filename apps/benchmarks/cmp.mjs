// cmp.mjs ROUNDS name=mod,mod ...
import {execFileSync} from 'node:child_process';
const [rounds,...list]=process.argv.slice(2);
const c=list.map(x=>{const i=x.indexOf('=');return [x.slice(0,i),x.slice(i+1).split(',').filter(Boolean)]});
const r=c.map(()=>[]),w=c.map(()=>[]);
for(let k=0;k<rounds;k++)c.forEach(([n,m],i)=>{const [a,b]=execFileSync(process.execPath,[new URL('cost.mjs',import.meta.url).pathname,...m],{env:{...process.env}}).toString().split(' ').map(Number);r[i].push(a);w[i].push(b)});
const med=a=>[...a].sort((x,y)=>x-y)[a.length>>1];
c.forEach(([n],i)=>console.log(n.padEnd(24),'cpu',med(r[i]).toFixed(1),'min',Math.min(...r[i]).toFixed(1),'wall',med(w[i]).toFixed(1),'ratio to first',(med(r[i].map((x,k)=>x/r[0][k]))).toFixed(2)));
