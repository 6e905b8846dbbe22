import { expect, test } from 'vitest';
import { serverIn } from '../../live/hop/balancer.ts';
import { topology } from '../../live/hop/lab-place.ts';
import { controlBy, daemonOf, fileHere, toolBy, wordsHere } from '../../live/hop/lab-words.ts';

// How the live test of a hop puts a plan's commands where the lab has their code. The hop itself takes half an hour.
const place = { executable: '/lab/lab', directory: '/state' };
const here = (text: string, host = 'ctl-1'): string =>
  wordsHere(text.split(' ') as [string, ...string[]], host, place).join(' ');

test.each([
  ['keystone', 'ctl-2', 'lab-roll.keystone@ctl-2'],
  ['placement-api', 'ctl-1', 'lab-roll.placement@ctl-1'],
  ['nova-conductor', 'ctl-1', 'lab-roll.nova-conductor@ctl-1'],
  ['cinder-volume', 'ctl-1', 'lab-roll.cinder-volume'],
  ['nova-compute', 'compute-3', 'lab-roll.compute-3'],
  ['neutron-openvswitch-agent', 'lab-network', 'lab-roll.neutron-agents'],
])('%s on %s is the daemon %s', (unit, host, daemon) => {
  expect(daemonOf(unit, host)).toBe(daemon);
});

test('no two components of the topology are one daemon', () => {
  const daemons = topology.hosts.flatMap(({ name, runs }) => runs.map((unit) => daemonOf(unit, name)));
  expect(new Set(daemons).size).toBe(daemons.length);
});

test.each([
  [
    'restart',
    'flock --close /run/lock/groundcrew-lab-roll.nova-api@ctl-1.lock /lab/lab restart lab-roll.nova-api@ctl-1',
  ],
  ['is-active', '/lab/lab pid lab-roll.nova-api@ctl-1'],
] as const)('systemctl %s', (verb, said) => {
  expect(controlBy(place)(verb, 'nova-api', 'ctl-1').join(' ')).toBe(said);
});

test.each([
  [
    'dpkg-query --show -- nova-api nova-conductor',
    '/lab/lab tool nova@ctl-1 dpkg-query --show -- nova-api nova-conductor',
  ],
  [
    'dpkg-query --show -- python3-neutron',
    '/lab/lab tool neutron@ctl-1 dpkg-query --show -- python3-neutron',
  ],
  ['apt-cache policy -- keystone', 'chroot /state/root-forky apt-cache policy -- keystone'],
  ['dpkg --audit', 'chroot /state/root-forky dpkg --audit'],
  ['apt-get install --yes keystone', '/lab/lab code keystone@ctl-1 forky'],
  [
    'neutron-db-manage --config-file /etc/neutron/plugins/ml2/ml2_conf.ini upgrade --expand',
    'neutron-db-manage --config-file /state/lab-roll/etc/neutron/ml2_conf.ini upgrade --expand',
  ],
  ['readlink -f -- /etc/nova/nova.conf', 'readlink -f -- /state/lab-roll/etc/nova/nova.conf'],
])('%s is %s', (command, said) => {
  expect(here(command)).toBe(said);
});

test('a program of a service is that of the code which it has on the host', () => {
  expect(toolBy(place)(['nova-manage', 'db', 'sync'], { host: 'ctl-1', service: 'nova' }).join(' ')).toBe(
    '/lab/lab tool nova@ctl-1 nova-manage db sync',
  );
});

test('a compute host has a configuration of its own, and files of nobody are left alone', () => {
  expect(fileHere('/etc/nova/nova.conf', 'compute-2', place)).toBe('/state/lab-roll/etc/nova/compute-2.conf');
  expect(fileHere('/etc/passwd', 'ctl-1', place)).toBe('/etc/passwd');
  expect(fileHere('/usr/sbin/policy-rc.d', 'ctl-1', place)).toBe('/state/root-forky/usr/sbin/policy-rc.d');
});

test("the row of a server in HAProxy's table", () => {
  const table = [
    '# pxname,svname,scur,status,addr,',
    'nova,FRONTEND,3,OPEN,,',
    'nova,ctl-1,2,DRAIN,127.0.0.1:13874,',
    'nova,ctl-2,1,UP,127.0.0.1:13974,',
    'cinder,ctl-1,0,UP,127.0.0.1:13876,',
  ].join('\n');
  expect(serverIn(table, { service: 'nova', host: 'ctl-1' })).toEqual({
    status: 'DRAIN',
    sessions: 2,
    address: '127.0.0.1:13874',
  });
  expect(() => serverIn(table, { service: 'glance', host: 'ctl-1' })).toThrow('no server ctl-1 of glance');
});
