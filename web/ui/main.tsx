import { render } from 'preact';
import { readToken, tokenOfHash } from '../lib/token';
import { App } from './App';
import './style.css';

// Another link opened in the same tab changes only what stands behind `#`.
addEventListener('hashchange', () => location.reload());
const token = tokenOfHash(location.hash);
const reading = readToken(token, Date.now());
// A link of the administration, opened at the wrong page.
if ('claims' in reading && reading.claims.kind === 'admin') location.replace(`./quan-tri.html#${token}`);
else render(<App token={token} />, document.getElementById('page') as HTMLElement);
