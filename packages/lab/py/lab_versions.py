"""lab_versions.py CLOUDS-FILE CLOUD : what the APIs say of their own versions.

One JSON object: from these values a client can tell the release.
"""
import json
import sys

from keystoneauth1 import session
from keystoneauth1.identity import v3
import yaml


def main(path, cloud):
    with open(path) as f:
        auth = yaml.safe_load(f)['clouds'][cloud]['auth']
    s = session.Session(v3.Password(**auth))

    def root(service):
        url = s.get_endpoint(service_type=service, interface='public')
        return '/'.join(url.split('/')[:3]) + '/'

    def get(url, authenticated=False):  # Glance answers 300
        return s.get(url, authenticated=authenticated, redirect=False).json()

    def versions(service):
        return get(root(service))['versions']

    def microversions(service, name):
        v = [v for v in versions(service) if v['id'] == name][0]
        return v.get('version') or v.get('max_version')

    extensions = get(root('network') + 'v2.0/extensions', True)['extensions']
    print(json.dumps({
        'keystone': get(auth['auth_url'])['version']['id'],
        'nova': microversions('compute', 'v2.1'),
        'cinder': microversions('volumev3', 'v3.0'),
        'placement': microversions('placement', 'v1.0'),
        'glance': {v['id']: v['status'] for v in versions('image')},
        'neutron': [v['id'] for v in versions('network')],
        'neutron_extension_count': len(extensions),
        'neutron_extensions': sorted(e['alias'] for e in extensions),
    }, indent=1))


main(*sys.argv[1:])
