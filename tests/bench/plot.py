"""Two pictures in one SVG: who takes the CPU in each scenario, and how far each figure is from its bound."""
from html import escape

from table import ROWS, shown

WIDTH, LEFT, RIGHT, ROW = 920, 275, 130, 22
COLOURS = ['#2f6fb2', '#e08e2b', '#4b9e5f', '#8a63a8', '#c0504d', '#5fb3b3', '#b58a5a', '#7f7f7f']
NAMES = {figure: what for figure, what, _ in ROWS}
KINDS_SHOWN = 7
WORK = {'net': 'network', 'appsrc:src': 'encoding', 'decode': 'decoding', 'mix-audio': 'sound', 'plmosaic:src': 'composing',
        'web': 'signaling', 'diemcau': 'main'}


class Svg:
    def __init__(self):
        self.parts, self.y = [], 0

    def text(self, x, y, text, size=12, anchor='start', weight='normal', colour='#222'):
        self.parts.append(f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
                          f'fill="{colour}">{escape(str(text))}</text>')

    def bar(self, x, y, width, colour, height=14):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height}" fill="{colour}"/>')

    def line(self, x, y0, y1, colour='#888'):
        self.parts.append(f'<line x1="{x:.1f}" y1="{y0:.1f}" x2="{x:.1f}" y2="{y1:.1f}" stroke="{colour}" stroke-dasharray="4 3"/>')

    def finish(self):
        height = self.y + 10
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}" '
                f'font-family="sans-serif"><rect width="{WIDTH}" height="{height:.0f}" fill="#fff"/>' + ''.join(self.parts) + '</svg>\n')


def kinds_of(results):
    """The kinds of threads that take most over all scenarios; the rest is one."""
    total = {}
    for result in results.values():
        for kind, cores in (result.get('threads_cores') or {}).items():
            total[kind] = total.get(kind, 0) + cores
    return sorted(total, key=lambda kind: -total[kind])[:KINDS_SHOWN]


def bars_of(name, result, kinds):
    """(label, [(cores, colour)]) of one scenario: bridge by kind of thread, the least, the sites beside it."""
    threads = result.get('threads_cores') or {}
    parts = [(threads.get(kind, 0), COLOURS[i]) for i, kind in enumerate(kinds)]
    parts.append((max(result['server_cores'] - sum(cores for cores, _ in parts), 0), COLOURS[-1]))
    yield f'{name}: bridge', parts
    if result.get('floor_cores'):
        yield 'the least for the same work', [(result['floor_cores'], '#333')]
    if result.get('generator_cores') is not None:
        yield 'simulated sites', [(result['generator_cores'], '#d5d5d5')]


def draw_cores(svg, results):
    svg.y += 26
    svg.text(16, svg.y, 'CPU, in cores', 16, weight='bold')
    kinds = kinds_of(results)
    x = LEFT
    svg.y += 20
    for kind, colour in zip([*kinds, 'others'], [*COLOURS[:len(kinds)], COLOURS[-1]]):
        if x > WIDTH - 120:
            x, svg.y = LEFT, svg.y + 16
        svg.bar(x, svg.y - 9, 10, colour, 10)
        word = WORK.get(kind, kind)
        svg.text(x + 14, svg.y, word, 11)
        x += 30 + 7 * len(word)
    rows = [row for name, result in results.items() if result.get('server_cores') is not None for row in bars_of(name, result, kinds)]
    most = max((sum(cores for cores, _ in parts) for _, parts in rows), default=1) or 1
    svg.y += 10
    for label, parts in rows:
        svg.text(LEFT - 8, svg.y + 12, label, anchor='end', weight='bold' if 'bridge' in label else 'normal')
        x = LEFT
        for cores, colour in parts:
            width = cores / most * (WIDTH - LEFT - RIGHT)
            if cores > 0:
                svg.bar(x, svg.y, width, colour)
            x += width
        svg.text(x + 6, svg.y + 12, f'{sum(cores for cores, _ in parts):.2f}')
        svg.y += ROW


def share_of(bound):
    """How much of the bound is used up: 1 is just kept. None when it cannot be said."""
    value, limit = bound['value'], bound['bound']
    if value is None or isinstance(value, bool) or not limit:
        return None
    return value / limit if bound['comparison'] == '<=' else limit / value if value else None


def draw_bounds(svg, results):
    svg.y += 34
    svg.text(16, svg.y, 'How much of each bound is used', 16, weight='bold')
    svg.y += 14
    scale, top = (WIDTH - LEFT - RIGHT) / 1.5, svg.y
    for name, result in results.items():
        for bound in result.get('bounds', []):
            share = share_of(bound)
            if share is None or bound['comparison'] == '==':
                continue
            svg.text(LEFT - 8, svg.y + 12, f"{name}: {NAMES.get(bound['figure'], bound['figure'])}", 11, anchor='end')
            svg.bar(LEFT, svg.y, min(share, 1.5) * scale, '#4b9e5f' if bound['met'] else '#c0504d')
            sign = {'<=': '≤', '>=': '≥'}[bound['comparison']]
            svg.text(LEFT + min(share, 1.5) * scale + 6, svg.y + 12, f"{shown(bound['value'])} ({sign} {shown(bound['bound'])})", 11)
            svg.y += ROW - 3
    svg.line(LEFT + scale, top - 4, svg.y)


def draw(results):
    svg = Svg()
    draw_cores(svg, results)
    draw_bounds(svg, results)
    return svg.finish()
