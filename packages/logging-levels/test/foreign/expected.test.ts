// Who is at fault: the words of keystone/exception.py, nova/exception.py and keystoneauth1/exceptions/http.py.
import { expect, test } from 'vitest';
import { Judge, RecordReader } from '../../src/index.ts';

function rulesOf(logger: string, ...lines: string[]) {
  const reader = new RecordReader();
  const [first = '', ...more] = lines;
  reader.feed(`2026-01-01 10:00:00.000 7 ERROR ${logger} [-] ${first}`);
  for (const line of more) reader.feed(line);
  const record = reader.end();
  return record === undefined ? [] : new Judge().judge(record).map((offence) => offence.rule);
}

test.each([
  [
    'keystone.server.flask.application',
    'You are not authorized to perform the requested action: identity:x.',
  ],
  ['keystone.common.wsgi', 'keystone.exception.ForbiddenAction: You are not authorized'],
  ['glance.api.v2.images', 'Image 42 could not be found.'],
  ['nova.api.openstack.wsgi', 'HTTP 404: Instance not there'],
])('%s, %s: a client did that', (logger, message) => {
  expect(rulesOf(logger, message)).toEqual(['expected-condition-is-error']);
});

test.each([
  ['nova.compute.manager', 'Instance disk could not be found on the hypervisor'],
  ['nova.virt.libvirt.driver', 'DiskNotFound: No disk at /var/lib/nova/instances/x/disk'],
  ['oslo_messaging.rpc.server', 'neutronclient.common.exceptions.PortNotFoundClient: gone'],
  [
    'nova.api.openstack.compute',
    'keystoneauth1.exceptions.http.Unauthorized: The request requires authentication',
  ],
])('%s, %s: that is for the administrator', (logger, message) => {
  expect(rulesOf(logger, message)).toEqual([]);
});
