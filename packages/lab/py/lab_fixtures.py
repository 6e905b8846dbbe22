"""What tests take for granted of Nova, Neutron and Cinder.

lab_fixtures.py forced  the compute hosts that a killed test left forced down
lab_fixtures.py restore compute hosts that a killed test left disabled or forced down
lab_fixtures.py wait    until the schedulers see every compute host, agent and back end
lab_fixtures.py create  flavors, volume types, an external network
"""
import os
import sys
import time

from keystoneauth1 import exceptions

from lab_keystone import ADMIN, call, service_url

NOVA = service_url('nova') + '/v2.1'
NEUTRON = service_url('neutron') + '/v2.0'
CINDER = service_url('cinder') + '/v3/' + ADMIN.get_project_id()

FLAVORS = (('m1.nano', 128, 1, 1), ('m1.tiny', 512, 1, 1),  # name, ram, vcpus, disk
           ('m1.small', 2048, 1, 20), ('m1.medium', 4096, 2, 40))
VOLUME_TYPES = (('lab', {}), ('lab-a', {'volume_backend_name': 'lab-a'}),
                ('lab-b', {'volume_backend_name': 'lab-b'}),
                ('lab-multiattach', {'multiattach': '<is> True'}))
DEADLINE = 120  # seconds


def alive():
    """How many compute hosts, agents, and Cinder services report."""
    computes = call('GET', '/os-services?binary=nova-compute', base=NOVA)['services']
    agents = call('GET', '/agents', base=NEUTRON)['agents']
    backends = call('GET', '/os-services', base=CINDER)['services']
    return (sum(s['state'] == 'up' for s in computes), sum(a['alive'] for a in agents),
            sum(s['state'] == 'up' for s in backends))


SINCE_2_53 = {'OpenStack-API-Version': 'compute 2.53'}  # services have UUIDs, and PUT takes both


def computes():
    return call('GET', '/os-services?binary=nova-compute', base=NOVA, headers=SINCE_2_53)['services']


def forced():
    for service in computes():
        if service['forced_down']:
            print(service['host'])


def restore():
    """Nova keeps both marks in its database: a host that was started anew would stay down."""
    for service in computes():
        if service['forced_down'] or service['status'] != 'enabled':
            put_back(service['id'])


def put_back(service):
    """Nova refuses while the host has evacuations to clean up after, which it does when it starts (since 2023.1)."""
    until = time.time() + DEADLINE
    while True:
        try:
            call('PUT', '/os-services/' + service, {'forced_down': False, 'status': 'enabled'},
                 base=NOVA, headers=SINCE_2_53)
            return
        except RuntimeError:
            if time.time() > until:
                raise
        time.sleep(1)


def wait():
    hosts = int(os.environ['LAB_COMPUTES'])
    wanted = (hosts, hosts, 4)  # scheduler, backup, and two back ends
    until = time.time() + DEADLINE
    while True:
        try:
            have = alive()
            if all(h >= w for h, w in zip(have, wanted)):
                return
        except (RuntimeError, exceptions.ClientException) as e:
            have = str(e)
        if time.time() > until:
            sys.exit('services did not come up: %s, not %s' % (have, wanted))
        time.sleep(1)


def names(path, rows, base):
    return {row['name'] for row in call('GET', path, base=base)[rows]}


def create():
    have = names('/flavors', 'flavors', NOVA)
    for name, ram, vcpus, disk in FLAVORS:
        if name not in have:
            call('POST', '/flavors', {'flavor': {
                'name': name, 'ram': ram, 'vcpus': vcpus, 'disk': disk}}, base=NOVA)
    have = names('/types', 'volume_types', CINDER)
    for name, specs in VOLUME_TYPES:
        if name not in have:
            call('POST', '/types', {'volume_type': {
                'name': name, 'extra_specs': specs,
                'os-volume-type-access:is_public': True}}, base=CINDER)
    if 'public' not in names('/networks', 'networks', NEUTRON):
        network = call('POST', '/networks', {'network': {
            'name': 'public', 'router:external': True,
            'provider:network_type': 'flat',
            'provider:physical_network': 'physnet1'}}, base=NEUTRON)['network']
        call('POST', '/subnets', {'subnet': {
            'network_id': network['id'], 'name': 'public', 'ip_version': 4,
            'cidr': '203.0.113.0/24', 'enable_dhcp': False}}, base=NEUTRON)


{'forced': forced, 'restore': restore, 'wait': wait, 'create': create}[sys.argv[1]]()
