"""Sends errors by oslo.messaging itself: a JSON document a line in, a line out once it was sent. At the end it tidies up."""
import json
import logging
import sys

import kombu
import oslo_messaging
from oslo_config import cfg
from oslo_messaging.notify import log_handler
from oslo_messaging.notify import notifier as notify

# The broker's URL comes by standard input: a command line is seen by everybody.
started = json.loads(sys.stdin.readline())
url, topic = started['url'].replace('amqp:', 'rabbit:'), started['topic']
oslo_messaging.set_transport_defaults(topic)
conf = cfg.CONF
conf([], project='groundcrew', default_config_files=[])
conf.register_opts(notify._notifier_opts, group='oslo_messaging_notifications')
for name, value in (('driver', ['messagingv2']), ('transport_url', url), ('topics', [topic])):
    conf.set_override(name, value, group='oslo_messaging_notifications')

transport = oslo_messaging.get_notification_transport(conf)
notifier = oslo_messaging.Notifier(transport, publisher_id='compute.compute-9')
handlers = {
    'logged': oslo_messaging.LoggingNotificationHandler(url, 'nova-compute:compute-9', 'messagingv2', topic),
    # What oslo.log adds to its handlers for `publish_errors = True`.
    'published': log_handler.PublishErrorsHandler(logging.ERROR),
}

for line in sys.stdin:
    asked = json.loads(line)
    exc_info = None
    if asked['exception'] is not None:
        try:
            raise ValueError(asked['exception'])
        except ValueError:
            exc_info = sys.exc_info()
    if asked['how'] == 'notified':
        # As nova/exception_wrapper.py does.
        notifier.error(asked['context'], 'build_and_run_instance', {'exception': exc_info[1], 'args': {}})
    else:
        handlers[asked['how']].emit(logging.LogRecord(
            asked['name'], logging.ERROR, '/usr/lib/x.py', 7, asked['message'], (), exc_info, 'f'))
    print(flush=True)

with kombu.Connection(started['url']) as connection:
    channel = connection.channel()
    channel.queue_delete(f'{topic}.error')
    channel.exchange_delete(topic)
