"""A service of nothing but oslo.service, oslo.config and oslo.log, launched as Nova's and Neutron's are."""
import eventlet
eventlet.monkey_patch()  # noqa: E702
import os
import sys

from oslo_config import cfg
from oslo_log import log
from oslo_service import service

folder, workers, method = sys.argv[1:]
conf = cfg.ConfigOpts()
log.register_options(conf)
conf(['--config-file', folder + '/service.conf', '--log-file', folder + '/service.log'], project='nova')
log.setup(conf, 'nova')
LOG = log.getLogger('nova.scheduler.manager')


class Service(service.Service):
    def start(self):
        self.tg.add_timer(0.2, self.work)
        with open(folder + '/ready', 'a') as file:
            file.write('.')

    def work(self):
        LOG.debug('under the hood')


with open(folder + '/service.pid', 'w') as file:
    file.write(str(os.getpid()))
service.launch(conf, Service(), workers=int(workers), restart_method=method).wait()
