await import('node:path');
const cpu=()=>{const u=process.cpuUsage();return u.user+u.system};
const b=cpu(); const t=performance.now();
for (const n of process.argv.slice(2)) await import(n);
process.stdout.write((cpu()-b)/1000+' '+(performance.now()-t));
