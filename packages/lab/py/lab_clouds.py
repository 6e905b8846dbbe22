"""clouds.yaml, and its entries as OS_* variables.

lab_clouds.py write FILE CONTROL-PLANE STATE AUTH_URL
lab_clouds.py forget FILE CONTROL-PLANE
lab_clouds.py env|env-json FILE CLOUD
"""
import json
import os
import re
import shlex
import sys

import yaml


def load(path):
    if os.path.exists(path):
        with open(path) as f:
            return yaml.safe_load(f) or {}
    return {}


def write(path, plane, state, auth_url):
    with open(state) as f:
        known = json.load(f)

    def password(user, **scope):
        return {'auth': dict(auth_url=auth_url, username=user, password=known['password'],
                             **dict({'user_domain_name': 'Default'}, **scope))}

    def in_project(user, project, domain='Default'):
        return password(user, project_name=project, project_domain_name=domain,
                        user_domain_name=domain)

    credential = known['application_credential']
    clouds = {
        'admin': in_project('admin', 'admin'),
        'member': in_project('demo', 'demo'),
        'reader': in_project('demo-reader', 'demo'),
        'other': in_project('other-demo', 'other-demo', 'other'),
        'system': password('admin', system_scope='all'),
        'appcred': {'auth_type': 'v3applicationcredential', 'auth': {
            'auth_url': auth_url,
            'application_credential_id': credential['id'],
            'application_credential_secret': credential['secret']}},
    }
    document = load(path)
    for name, cloud in clouds.items():
        cloud.update(region_name='RegionOne', identity_api_version=3, interface='public')
        document.setdefault('clouds', {})['%s-%s' % (plane, name)] = cloud
    save(path, document)


def save(path, document):
    # Whoever reads the file at this moment sees the old one or the new one.
    fd = os.open(path + '.new', os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, 'w') as f:
        yaml.safe_dump(document, f, default_flow_style=False)
    os.rename(path + '.new', path)


def forget(path, plane):
    document = load(path)
    clouds = document.get('clouds', {})
    for name in [name for name in clouds if re.fullmatch(re.escape(plane) + '-[a-z]+', name)]:
        del clouds[name]
    save(path, document)


def variables(path, cloud):
    clouds = load(path).get('clouds', {})
    if cloud not in clouds:
        sys.exit('no cloud %s; there are: %s' % (cloud, ', '.join(sorted(clouds))))
    entry = clouds[cloud]
    rows = {'OS_' + key.upper(): str(value) for key, value in entry['auth'].items()}
    for key in ('auth_type', 'region_name', 'identity_api_version', 'interface'):
        if key in entry:
            rows['OS_' + key.upper()] = str(entry[key])
    rows['OS_CLIENT_CONFIG_FILE'] = path
    return rows


def env(path, cloud):
    for key, value in variables(path, cloud).items():
        print('export %s=%s' % (key, shlex.quote(value)))


def env_json(path, cloud):
    print(json.dumps(variables(path, cloud)))


{'write': write, 'forget': forget, 'env': env, 'env-json': env_json}[sys.argv[1]](*sys.argv[2:])
