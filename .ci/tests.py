"""Runs the stages of ./test and counts. Each stage writes one log, build-*/…; what fails is shown
here with the end of its log. The last line is `N passed, N failed`, and nothing is skipped."""
import argparse
import json
import os
import re
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOGS = os.path.join(ROOT, 'build', 'test-logs')
E2E = 'tests/e2e'
JOBS = str(os.cpu_count() or 2)

# Beside what meson.build gives every test.
ASAN = {
    'ASAN_OPTIONS': 'abort_on_error=0:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1',
    'G_SLICE': 'always-malloc',
}


class Failure(Exception):
    """A stage that could not come to its tests: counted as one failed test."""


class Count:
    passed = 0
    failed = 0

    def add(self, name, passed, failed, tail=''):
        self.passed += passed
        self.failed += failed
        if failed:
            print(f'  FAILED {name}' + ('\n' + indent(tail) if tail else ''), flush=True)


def indent(text, lines=60):
    return '\n'.join('    ' + line for line in text.rstrip().split('\n')[-lines:])


def command(stage, args, cwd='.', env=None, timeout=1500):
    """Runs `args`, its output appended to the stage's log. Returns the exit status and the output."""
    path = os.path.join(LOGS, stage + '.log')
    with open(path, 'ab') as log:
        log.write(('$ ' + ' '.join(args) + '\n').encode())
        log.flush()
        start = log.tell()
        try:
            status = subprocess.run(args, cwd=os.path.join(ROOT, cwd), env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=subprocess.STDOUT, timeout=timeout).returncode
        except subprocess.TimeoutExpired:
            log.write(f'\nended after {timeout} s\n'.encode())
            status = 124
    with open(path, encoding='utf-8', errors='replace') as log:
        return status, log.read()[start:] if start else log.read()


def must(stage, args, **options):
    status, output = command(stage, args, **options)
    if status != 0:
        found = re.findall(r'^(?:.*(?:error|warning):.*|FAILED:.*)(?:\n.*){0,4}', output, re.M)
        raise Failure(f"`{' '.join(args)}` ended with {status}\n" + ('\n'.join(found[:8]) or indent(output)))


def build(stage, folder, *options, env=None):
    if not os.path.exists(os.path.join(ROOT, folder, 'build.ninja')):
        must(stage, ['meson', 'setup', folder, '--werror', *options], env=env)
    must(stage, ['ninja', '-C', folder, '-j', JOBS])


def tap_counts(output):
    """Passed, failed and skipped of TAP; subtests (indented) belong to their parents."""
    lines = re.findall(r'^(not ok|ok)\b([^\n]*)', output, re.M)
    skipped = sum(1 for _, rest in lines if re.search(r'# *SKIP', rest, re.I))
    failed = sum(1 for word, _ in lines if word == 'not ok')
    return len(lines) - failed - skipped, failed, skipped


def meson_tests(count, stage, folder, selection, env=None, multiplier='2'):
    """Each TAP line counts; a test without TAP counts as one; a skip is a failure."""
    log = os.path.join(ROOT, folder, 'meson-logs', 'testlog.json')
    if os.path.exists(log):
        os.remove(log)
    status, output = command(stage, ['meson', 'test', '-C', folder, '--no-rebuild', '--num-processes', JOBS,
                                     '--timeout-multiplier', multiplier, *selection], env=env)
    if not os.path.exists(log):
        raise Failure('meson test ran nothing\n' + indent(output))
    with open(log, encoding='utf-8') as file:
        results = [json.loads(line) for line in file]
    for result in results:
        out = result.get('stdout') or ''
        passed, failed, skipped = tap_counts(out)
        if passed + failed + skipped == 0:
            passed = 1 if result['result'] == 'OK' else 0
        # A sanitizer's word comes after the last TAP line: the run as a whole failed.
        failed += skipped
        if result['result'] not in ('OK', 'EXPECTEDFAIL') and failed == 0:
            failed = 1
        tail = re.sub(r'^(ok \d+.*|# (Start|End) of.*)\n', '', out, flags=re.M) + '\n' + (result.get('stderr') or '')
        count.add(f"{stage}: {result['name']} ({result['result']})", passed, failed, tail)
    if not results or (status != 0 and count.failed == 0):
        raise Failure(f'meson test ended with {status}\n' + indent(output))


def stage_build(count):
    """Release build, and the checks of the tree."""
    build('build', 'build', '--buildtype=release')
    count.add('release build', 1, 0)


def stage_lint(count):
    build('lint', 'build', '--buildtype=release')
    meson_tests(count, 'lint', 'build', ['--suite', 'lint'])


def stage_asan(count):
    """gcc, -Werror, address and undefined behaviour: every suite."""
    build('asan', 'build-asan', '--buildtype=debugoptimized', '-Db_sanitize=address,undefined', env={'CC': 'gcc'})
    meson_tests(count, 'asan', 'build-asan', ['--no-suite', 'lint', '--no-suite', 'bench'], env=ASAN, multiplier='4')


def stage_tsan(count):
    """clang, -Werror, threads: unit and sim."""
    build('tsan', 'build-tsan', '--buildtype=debugoptimized', '-Db_sanitize=thread', '-Db_lundef=false', env={'CC': 'clang'})
    meson_tests(count, 'tsan', 'build-tsan', ['--suite', 'unit', '--suite', 'sim'], multiplier='6')


def shell(stage, text):
    must(stage, ['bash', '-euo', 'pipefail', '-c', '. .ci/lib.sh; ' + text])


def stage_web(count):
    """The pages: types, tests, build, and that they ask no other host."""
    shell('web', 'npm_ci web')
    must('web', ['npm', 'run', '--silent', 'check'], cwd='web')
    count.add('web: check', 1, 0)
    report = os.path.join(LOGS, 'vitest.json')
    _, output = command('web', ['npm', 'test', '--silent', '--', '--reporter=default', '--reporter=json', f'--outputFile.json={report}'],
                        cwd='web')
    if not os.path.exists(report):
        raise Failure('the tests of web/ wrote no report\n' + indent(output))
    with open(report, encoding='utf-8') as file:
        result = json.load(file)
    failed = result['numTotalTests'] - result['numPassedTests']
    if failed == 0 and not result['success']:
        failed = 1
    count.add('web: test', result['numPassedTests'], failed, output)
    shell('web', 'build_web')
    status, output = command('web', ['python3', 'tests/lint/check-pages.py'])
    count.add('web: pages', int(status == 0), int(status != 0), output)


def stage_e2e(count, only=()):
    """The real server, Chromium and foreign clients."""
    build('e2e', 'build', '--buildtype=release')
    shell('e2e', 'npm_ci web; build_web')
    names = sorted(n for n in os.listdir(os.path.join(ROOT, E2E)) if n.endswith('.test.mjs'))
    names = [n for n in names if not only or any(word in n for word in only)]
    if not names:
        raise Failure('no end-to-end test found')
    for name in names:
        start = time.monotonic()
        status, output = command('e2e', ['node', '--test-reporter=tap', name], cwd=E2E, timeout=420)
        passed, failed, skipped = tap_counts(output)
        failed += skipped
        if (status != 0 or passed + failed == 0) and failed == 0:
            failed = 1
        tail = '\n'.join(re.findall(r'^not ok .*?^  \.\.\.$', output, re.M | re.S)) or output
        count.add(f'e2e: {name}', passed, failed, tail)
        print(f'  {name}: {passed} passed, {failed} failed, {time.monotonic() - start:.0f} s', flush=True)


STAGES = {
    'build': stage_build, 'web': stage_web, 'lint': stage_lint, 'asan': stage_asan, 'tsan': stage_tsan, 'e2e': stage_e2e,
}
QUICK = ('build', 'lint', 'asan')


def main():
    parser = argparse.ArgumentParser(prog='./test', description='Stages: ' + '; '.join(
        f"{name}: {(stage.__doc__ or 'the checks of the tree').strip()}" for name, stage in STAGES.items()))
    parser.add_argument('--quick', action='store_true', help=f"only {', '.join(QUICK)}")
    parser.add_argument('stages', nargs='*', help='only these; e2e:WORD runs the files with WORD in their name')
    options = parser.parse_args()
    chosen = options.stages or (QUICK if options.quick else list(STAGES))
    unknown = [name for name in chosen if name.split(':')[0] not in STAGES]
    if unknown:
        parser.error(f"no stage {', '.join(unknown)}; there are {', '.join(STAGES)}")

    os.makedirs(LOGS, exist_ok=True)
    os.environ.setdefault('PYTHONDONTWRITEBYTECODE', '1')
    count = Count()
    begun = time.monotonic()
    for name in chosen:
        name, _, word = name.partition(':')
        start, before = time.monotonic(), (count.passed, count.failed)
        print(f"{name}: {(STAGES[name].__doc__ or 'the checks of the tree').strip()}", flush=True)
        log = os.path.join(LOGS, name + '.log')
        if os.path.exists(log):
            os.remove(log)
        try:
            STAGES[name](count, [word]) if word else STAGES[name](count)
        except Failure as failure:
            count.add(name, 0, 1, str(failure))
        print(f'{name}: {count.passed - before[0]} passed, {count.failed - before[1]} failed, {time.monotonic() - start:.0f} s; '
              f'log build/test-logs/{name}.log', flush=True)
    print(f'{time.monotonic() - begun:.0f} s in all')
    print(f'{count.passed} passed, {count.failed} failed', flush=True)
    return 1 if count.failed or not count.passed else 0


sys.exit(main())
