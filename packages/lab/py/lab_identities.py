"""Fill Keystone's catalog, users and roles, through its REST API only.

lab_identities.py core|full : idempotent; what clouds.yaml needs is kept in the file LAB_STATE.
"""
import json
import os
import secrets
import sys

from lab_keystone import PASSWORD, call, ensure, ensure_role, grant, login, service_url, the

REGION = 'RegionOne'
STATE = os.environ['LAB_STATE']

CORE = {  # service user: [(type, catalog name, port name, path)]
    'glance': [('image', 'glance', 'glance', '')],
    'placement': [('placement', 'placement', 'placement', '')],
    'nova': [('compute', 'nova', 'nova', '/v2.1')],
    'neutron': [('network', 'neutron', 'neutron', '')],
    'cinder': [('volumev3', 'cinderv3', 'cinder', '/v3/$(project_id)s'),
               ('block-storage', 'cinder', 'cinder', os.environ['LAB_CINDER_PATH'])],
}
FULL = {
    'swift': [('object-store', 'swift', 'swift', '/v1/AUTH_$(project_id)s')],
    'heat': [('orchestration', 'heat', 'heat', '/v1/$(project_id)s')],
    'barbican': [('key-manager', 'barbican', 'barbican', '')],
    'masakari': [('instance-ha', 'masakari', 'masakari', '/v1/$(project_id)s')],
    'gnocchi': [('metric', 'gnocchi', 'gnocchi', '')],
    'ceilometer': [],
    'aodh': [('alarming', 'aodh', 'aodh', '')],
    'octavia': [('load-balancer', 'octavia', 'octavia', '')],
}


def services(table):
    project = ensure('project', 'service', domain_id='default')
    known = {(e['service_id'], e['interface']) for e in call('GET', '/endpoints')['endpoints']}
    for user, entries in table.items():
        uid = ensure('user', user, password=PASSWORD, domain_id='default')
        grant(uid, 'admin', project)
        grant(uid, 'service', project)
        for kind, name, port, path in entries:
            sid = ensure('service', name, type=kind)
            for interface in ('public', 'internal', 'admin'):
                if (sid, interface) not in known:
                    call('POST', '/endpoints', {'endpoint': {
                        'service_id': sid, 'interface': interface, 'region_id': REGION,
                        'url': service_url(port) + path}})


def people():
    demo = ensure('project', 'demo', domain_id='default')
    for user, role in (('demo', 'member'), ('demo-reader', 'reader')):
        grant(ensure('user', user, password=PASSWORD, domain_id='default'), role, demo)
    grant(the('user', 'admin'), 'admin', demo)
    # A second domain, with a user and a project of its own.
    other = ensure('domain', 'other')
    project = ensure('project', 'other-demo', domain_id=other)
    grant(ensure('user', 'other-demo', password=PASSWORD, domain_id=other), 'member', project)


def application_credential():
    """Keystone shows its secret once only: it is kept, or made anew."""
    if os.path.exists(STATE):
        return
    member = login(username='demo', project_name='demo')
    path = '/users/%s/application_credentials' % member.get_user_id()
    for row in call('GET', path, who=member)['application_credentials']:
        if row['name'] == 'lab':
            call('DELETE', path + '/' + row['id'], who=member)
    made = call('POST', path, {'application_credential': {
        'name': 'lab', 'secret': secrets.token_urlsafe(24),
        'unrestricted': True}}, who=member)['application_credential']
    fd = os.open(STATE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, 'w') as f:
        json.dump({'password': PASSWORD, 'application_credential': {
            'id': made['id'], 'secret': made['secret']}}, f)


def roles_of_further_services():
    demo = the('project', 'demo')
    for role in ('creator', 'swiftoperator', 'heat_stack_owner', 'load-balancer_member'):
        grant(the('user', 'demo'), role, demo)
    # Ceilometer reads the Swift accounts of all projects.
    grant(the('user', 'ceilometer'), 'ResellerAdmin', the('project', 'service'))
    grant(the('user', 'admin'), 'load-balancer_admin', the('project', 'admin'))
    # Heat keeps the users of stacks in a domain of their own.
    domain = ensure('domain', 'heat')
    uid = ensure('user', 'heat_domain_admin', password=PASSWORD, domain_id=domain)
    call('PUT', '/domains/%s/users/%s/roles/%s' % (domain, uid, ensure_role('admin')))
    ensure_role('heat_stack_user')


if sys.argv[1] == 'core':
    services(CORE)
    people()
    application_credential()
elif sys.argv[1] == 'full':
    services(FULL)
    roles_of_further_services()
else:
    sys.exit(__doc__)
