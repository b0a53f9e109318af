/** The colours of Grafana's light theme that the dashboard names. */
const named: Readonly<Record<string, string>> = {
  blue: '#5794f2',
  'semi-dark-blue': '#3274d9',
  'light-blue': '#8ab8ff',
  'super-light-blue': '#c0d8ff',
  green: '#73bf69',
  'semi-dark-green': '#56a64b',
  'light-green': '#96d98d',
  'super-light-green': '#c8f2c2',
  yellow: '#fade2a',
  orange: '#ff9830',
  'light-orange': '#ffb357',
  'dark-orange': '#fa6400',
  red: '#f2495c',
  'dark-red': '#c4162a',
  purple: '#b877d9',
  'dark-purple': '#8f3bb8',
  'super-light-purple': '#deb6f2',
  text: '#9aa4b8',
};

const palette = ['green', 'yellow', 'blue', 'orange', 'red', 'purple', 'dark-red', 'dark-purple'];

export function grafanaColor(name: string): string {
  const color = named[name];
  if (color === undefined) throw new Error(`the pictures do not know Grafana's ${name}`);
  return color;
}

export function paletteColor(index: number): string {
  return grafanaColor(palette[index % palette.length]!);
}
