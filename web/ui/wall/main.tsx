import { render } from 'preact';
import { meetingOfHash, readToken, tokenOfHash } from '../../lib/token';
import { WallPage } from './WallPage';
import '../style.css';
import './wall.css';

addEventListener('hashchange', () => location.reload());
const token = tokenOfHash(location.hash);
const page = <WallPage token={token} reading={readToken(token, Date.now())} meeting={meetingOfHash(location.hash)} />;
render(page, document.getElementById('page') as HTMLElement);
