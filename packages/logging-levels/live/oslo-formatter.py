"""Formats records by oslo.log itself: a JSON document a line in, the text as JSON a line out."""
import datetime
import json
import logging
import sys

from oslo_config import cfg
from oslo_context import context
from oslo_log import formatters
from oslo_log import log

for line in sys.stdin:
    asked = json.loads(line)
    conf = cfg.ConfigOpts()
    log.register_options(conf)
    conf([], project='groundcrew', default_config_files=[])
    for name, value in asked['options'].items():
        conf.set_override(name, value)
    record = logging.LogRecord(
        asked['name'], getattr(logging, asked['level']), '/usr/lib/x.py', 7, asked['message'], (), None, 'f')
    record.created = asked['at'] / 1000
    record.msecs = asked['at'] % 1000
    record.process = asked['pid']
    if asked['traceback'] is not None:
        try:
            raise ValueError(asked['traceback'])
        except ValueError:
            record.exc_info = sys.exc_info()
    if asked['instance']:
        record.instance_uuid = asked['instance']
    # A record without a request has a context of None, and not the thread's.
    record.context = context.RequestContext(overwrite=False, **asked['context']) if asked['context'] else None
    formatter = formatters.ContextFormatter(config=conf, datefmt=conf.log_date_format)
    formatter.converter = lambda seconds: datetime.datetime.fromtimestamp(
        seconds, datetime.timezone.utc).timetuple()
    print(json.dumps(formatter.format(record)), flush=True)
