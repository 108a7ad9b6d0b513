import { render } from 'preact';
import { tokenOfHash } from '../lib/token';
import { App } from './App';
import './style.css';

// Another link opened in the same tab changes only what stands behind `#`.
addEventListener('hashchange', () => location.reload());
render(<App token={tokenOfHash(location.hash)} />, document.getElementById('page') as HTMLElement);
