"""Keystone as its admin, and any other API, over REST: what the scripts beside this need.

The environment says where (LAB_AUTH_URL, LAB_PORTS) and with which password.
"""
import os

from keystoneauth1 import session
from keystoneauth1.identity import v3

URL, PASSWORD = os.environ['LAB_AUTH_URL'], os.environ['LAB_PASSWORD']
PORT = dict(p.split('=') for p in os.environ['LAB_PORTS'].split())
HOST = 'http://127.0.0.1:%s'


def login(**kwargs):
    kwargs.setdefault('username', 'admin')
    kwargs.setdefault('password', PASSWORD)
    kwargs.setdefault('user_domain_id', 'default')
    kwargs.setdefault('project_name', 'admin')
    kwargs.setdefault('project_domain_id', 'default')
    return session.Session(v3.Password(URL, **kwargs))


ADMIN = login()


def service_url(service):
    return HOST % PORT[service]


def call(method, path, body=None, base=URL, who=ADMIN, headers=None):
    r = who.request(base + path, method, json=body, headers=headers or {},
                    raise_exc=False, authenticated=True)
    if r.status_code >= 400:
        raise RuntimeError('%s %s: %s %s' % (method, path, r.status_code, r.text))
    return r.json() if r.text else {}


def ensure(kind, name, **attributes):
    """The `kind` called `name`, made when missing: its id."""
    plural = kind + 's'
    for row in call('GET', '/%s?name=%s' % (plural, name))[plural]:
        if 'type' not in attributes or row['type'] == attributes['type']:
            return row['id']
    return call('POST', '/' + plural, {kind: dict(attributes, name=name)})[kind]['id']


def ensure_role(name):
    return ensure('role', name)


def grant(user, role, project):
    call('PUT', '/projects/%s/users/%s/roles/%s' % (project, user, ensure_role(role)))


def the(kind, name):
    """The id of a `kind` that exists."""
    return call('GET', '/%ss?name=%s' % (kind, name))[kind + 's'][0]['id']
