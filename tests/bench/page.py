"""docs/performance.md: the figures of `./bench all`, above what people have written about them."""
import os

import plot
import table
from paths import PAGE, PLOT

# What stands below is written by hand and kept.
BY_HAND = '## What they mean\n'

INTRO = '''# Performance

Written by `./bench all`; figures, not promises: they depend on the machine. Bridge and simulated sites run beside each
other on loopback, so the bridge also pays for what a network card would do. *The least* is what the same decoding,
composing, encoding, mixing and moving of packets costs on the same machine in the same hour with the same libraries and
nothing around it.

Measured from some seconds after all have joined. Delays are from the moment when a site hands frame or sound to its
transport to the arrival of the last packet of what shows or sounds it, found by marks in the pictures and tones in the
sound, at two of the sites that decode what they get. Members who only receive are plain sockets that read the clear
headers of every packet; one in sixteen authenticates and decrypts everything. All their sockets take bursts in one piece
(UDP_GRO), as a network card with segmentation offload would from the bridge.

'''


def machine_text(machine):
    commit = f", commit {machine['commit']}" if machine['commit'] else ''
    return (f"{machine['date']}{commit}. {machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
            f"{machine['system']}, Linux {machine['kernel']}.\n\n")


def verdict(met, bound):
    return {True: 'kept', False: '**missed**', None: 'not measured' if bound else ''}[met]


def scenario_text(name, result, description):
    lines = [f'## `./bench {name}`', '', description.strip(), '']
    if 'error' in result:
        return '\n'.join([*lines, f"Not measured: {result['error']}", '', ''])
    lines += ['| figure | measured | bound | |', '|---|---|---|---|']
    lines += [f'| {what} | {value} | {bound} | {verdict(met, bound)} |' for what, value, bound, met in table.rows(result)]
    threads = list((result.get('threads_cores') or {}).items())
    if threads:
        lines += ['', 'The bridge by thread, in cores: ' + ', '.join(f'{kind} {cores:.3f}' for kind, cores in threads[:10]) + '.']
    parts = result.get('floor_parts') or {}
    if parts:
        lines += ['', 'The least, in cores: ' + ', '.join(f'{part} {cores:.3f}' for part, cores in parts.items()) + '.']
    if result.get('errors'):
        lines += ['', f"{result.get('faults', len(result['errors']))} checks did not hold, first: {result['errors'][0]}."]
    if result.get('others_cores', 0) > 0.2:
        lines += ['', f"The machine was not quiet: {result['others_cores']} cores of other work ran beside it."]
    return '\n'.join([*lines, '', ''])


def summary_text(results):
    """One line a scenario, for people in a hurry."""
    lines = ['| scenario | bridge | the least | missed |', '|---|---|---|---|']
    for name, result in results.items():
        missed = [plot.NAMES.get(b['figure'], b['figure']) for b in result.get('bounds', []) if b['met'] is False]
        cores = '–' if result.get('server_cores') is None else f"{result['server_cores']:.2f} cores"
        least = '–' if not result.get('floor_cores') else f"{result['floor_cores']:.2f} cores"
        lines.append(f"| {name} | {cores} | {least} | {'; '.join(missed) or ('not measured' if 'error' in result else 'nothing')} |")
    return '\n'.join(lines) + '\n\n'


def by_hand():
    if not os.path.exists(PAGE):
        return BY_HAND
    with open(PAGE, encoding='utf-8') as file:
        _, found, rest = file.read().partition(BY_HAND)
    return BY_HAND + rest if found else BY_HAND


def write(results, descriptions, machine):
    kept = by_hand()
    text = INTRO + machine_text(machine) + '![CPU by scenario, and how much of each bound is used](images/performance.svg)\n\n'
    text += summary_text(results)
    for name, result in results.items():
        text += scenario_text(name, result, descriptions[name])
    os.makedirs(os.path.dirname(PLOT), exist_ok=True)
    with open(PLOT, 'w', encoding='utf-8') as file:
        file.write(plot.draw({name: result for name, result in results.items() if 'error' not in result}))
    with open(PAGE, 'w', encoding='utf-8') as file:
        file.write(text + kept)
