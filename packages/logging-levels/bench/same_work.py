"""What `observe` and `Templates` do, in Python: records, templates, rules and secrets of the logs of a directory.

Written as somebody would who has these rules and Python's own means: one compiled expression for heads, one substitution for what
varies, a dictionary of counts.
"""
import collections
import os
import re
import sys

HEAD = re.compile(
    r'^(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?) (?:(\d+) )?'
    r'(DEBUG|INFO|AUDIT|WARNING|ERROR|CRITICAL|TRACE) ([\w.$-]+)(?: \[([^\]]*)\])?(?: |$)(.*)')
VARIES = re.compile(r"'[^']*'|\"[^\"]*\"|[^\s,;:=()\[\]{}<>|]*[\d@/][^\s,;:=()\[\]{}<>|]*|\b(?:None|True|False)\b")
SECRET = re.compile(
    r'(?i)(?:[a-z][a-z\d+.-]*://[^\s/@:]*:[^\s@]+@)|PRIVATE KEY|Bearer \S|gAAAA[\w-]{20}'
    r'|(?:passw(?:or)?d|secret|token|psk|credential)["\']?\s*[=:]\s*["\']?[^\s*<"\']')
NOTICE = re.compile(r'(?i)deprecat|please use |is not recommended')
EXPECTED = re.compile(
    r'(?i)\w*(?:NotFound|Forbidden|Unauthorized|Conflict|BadRequest|OverQuota)|could not be found|does not exist|HTTP 4\d\d')
PROGRESS = re.compile(r'(?i)^(?:starting|stopping|attempting|trying|beginning|initializing|going to|about to)\b')


def main(directory):
    templates = collections.Counter()
    offences = collections.Counter()
    levels = collections.Counter()
    said = set()
    for folder, _, names in os.walk(directory):
        for name in sorted(names):
            current = None
            with open(os.path.join(folder, name), encoding='utf-8', errors='replace') as lines:
                for line in lines:
                    if SECRET.search(line):
                        offences['secret-in-log', name] += 1
                    match = HEAD.match(line)
                    if match is None:
                        if current is not None and line.startswith('Traceback') and current in ('INFO', 'WARNING'):
                            offences['traceback-below-error', name] += 1
                        continue
                    at, pid, current, logger, context, message = match.groups()
                    levels[current] += 1
                    template = VARIES.sub('<*>', message)
                    templates[logger, template] += 1
                    if current == 'WARNING' and NOTICE.search(message):
                        key = (name, pid, logger, template)
                        if key in said:
                            offences['repeated-notice', name, template] += 1
                        said.add(key)
                    elif current in ('ERROR', 'CRITICAL') and EXPECTED.search(message):
                        offences['expected-condition-is-error', name, template] += 1
                    elif current == 'INFO' and PROGRESS.match(message):
                        offences['progress-at-info', name, template] += 1
    print(sum(levels.values()), len(templates), len(offences))


main(sys.argv[1])
