import './styles/index.css';
import { render } from 'preact';
import { Fault, faultOf } from './connection/fault.ts';
import { signedIn, signIn } from './connection/session.ts';
import { loadAbout } from './page/about.ts';
import { ConsolePage } from './page/console-page.tsx';

render(<ConsolePage />, document.querySelector('#console')!);

await signIn();
if (!(signedIn.value instanceof Fault)) {
  try {
    await loadAbout();
  } catch (error) {
    signedIn.value = faultOf(error);
  }
}
// A link that is pasted into a page that is open already signs in, too.
window.addEventListener('hashchange', () => location.reload());
