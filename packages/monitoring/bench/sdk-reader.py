"""The figures of a cloud by Debian's python3-openstacksdk, for `pnpm bench monitoring`: round after round, as an exporter reads
them. For each line on the standard input it does a round and prints it as JSON; `figures` has the samples of each metric that
it draws, by the name that our collectors have for it."""

import collections
import json
import sys
import time

import openstack


def totals(draw):
    """Values with equal labels, added up."""
    sums = collections.defaultdict(int)
    for value, *labels in draw:
        sums[tuple("" if label is None else str(label) for label in labels)] += value
    return [[list(labels), value] for labels, value in sums.items()]


def each(draw):
    return [[["" if label is None else str(label) for label in labels], value] for value, *labels in draw]


def servers(cloud):
    found = list(cloud.compute.servers(all_projects=True))
    return {
        "openstack_nova_total_vms": [[[], len(found)]],
        "openstack_nova_running_vms": totals(
            (1, s.hypervisor_hostname, s.availability_zone, s.project_id) for s in found if s.status == "ACTIVE"
        ),
        "groundcrew_nova_servers": totals((1, s.status, s.project_id) for s in found),
        "groundcrew_nova_servers_of_flavor": totals((1, s.flavor.id) for s in found),
        "groundcrew_nova_servers_on_host": totals(
            (1, s.compute_host, s.availability_zone) for s in found if s.compute_host is not None
        ),
    }


MIB, GIB = 1 << 20, 1 << 30


def hypervisors(cloud):
    zones, names = {}, collections.defaultdict(list)
    for aggregate in cloud.compute.aggregates():
        for host in aggregate.hosts or []:
            if aggregate.availability_zone is not None:
                zones[host] = aggregate.availability_zone
            if list(aggregate.metadata or {}) != ["availability_zone"]:
                names[host].append(aggregate.name)
    found = [
        (h, h.name, zones.get(h.service_details["host"], ""), ",".join(sorted(names[h.service_details["host"]])))
        for h in cloud.compute.hypervisors(details=True)
    ]
    return {
        "openstack_nova_vcpus_available": each((h.vcpus, *labels) for h, *labels in found),
        "openstack_nova_vcpus_used": each((h.vcpus_used, *labels) for h, *labels in found),
        "openstack_nova_memory_available_bytes": each((h.memory_size * MIB, *labels) for h, *labels in found),
        "openstack_nova_memory_used_bytes": each((h.memory_used * MIB, *labels) for h, *labels in found),
        "openstack_nova_local_storage_available_bytes": each((h.local_disk_size * GIB, *labels) for h, *labels in found),
        "openstack_nova_local_storage_used_bytes": each((h.local_disk_used * GIB, *labels) for h, *labels in found),
        "openstack_nova_free_disk_bytes": each((h.local_disk_free * GIB, *labels) for h, *labels in found),
        "openstack_nova_current_workload": each((h.current_workload, *labels) for h, *labels in found),
    }


def services(cloud):
    # Where an id is a UUID.
    cloud.compute.default_microversion = "2.69"
    found = list(cloud.compute.services())
    cloud.compute.default_microversion = "2.1"
    return {
        "openstack_nova_agent_state": each(
            (int(s.state == "up"), s.id, s.host, s.binary, s.status, s.availability_zone, s.disabled_reason)
            for s in found
        ),
        # openstacksdk 0.101 has no call for it.
        "openstack_cinder_agent_state": each(
            (int(s["state"] == "up"), s["host"], s["binary"], s["status"], s["zone"], s.get("disabled_reason"))
            for s in cloud.block_storage.get("/os-services").json()["services"]
        ),
        "openstack_neutron_agent_state": each(
            (int(a.is_alive), a.id, a.host, a.binary, "up" if a.is_admin_state_up else "down", a.availability_zone)
            for a in cloud.network.agents()
        ),
    }


def block_storage(cloud):
    volumes = list(cloud.block_storage.volumes(details=True, all_projects=True))
    snapshots = list(cloud.block_storage.snapshots(details=True, all_projects=True))
    backups = list(cloud.block_storage.backups(details=True, all_tenants=True))
    pools = list(cloud.block_storage.backend_pools())
    labels = [(p.name, p.capabilities.get("volume_backend_name"), p.capabilities.get("vendor_name")) for p in pools]
    return {
        "openstack_cinder_volumes": [[[], len(volumes)]],
        "groundcrew_cinder_volumes": totals((1, v.status, v.volume_type, v.project_id) for v in volumes),
        "groundcrew_cinder_volume_size_bytes": totals((v.size * GIB, v.volume_type, v.project_id) for v in volumes),
        "openstack_cinder_snapshots": [[[], len(snapshots)]],
        "groundcrew_cinder_snapshots": totals((1, s.status, s.project_id) for s in snapshots),
        "groundcrew_cinder_snapshot_size_bytes": totals((s.size * GIB, s.project_id) for s in snapshots),
        "groundcrew_cinder_backups": totals((1, b.status, b.project_id) for b in backups),
        "openstack_cinder_pool_capacity_free_gb": each(
            (p.capabilities["free_capacity_gb"], *of) for p, of in zip(pools, labels)
        ),
        "openstack_cinder_pool_capacity_total_gb": each(
            (p.capabilities["total_capacity_gb"], *of) for p, of in zip(pools, labels)
        ),
    }


def images(cloud):
    found = list(cloud.image.images()) + list(cloud.image.images(is_hidden=True))
    return {
        "openstack_glance_images": [[[], len(found)]],
        "groundcrew_glance_images": totals((1, i.status, i.visibility, i.owner_id) for i in found),
        "groundcrew_glance_image_size_bytes": totals((i.size, i.owner_id) for i in found if i.size is not None),
    }


def network(cloud):
    networks = list(cloud.network.networks())
    subnets = list(cloud.network.subnets())
    ports = list(cloud.network.ports())
    routers = list(cloud.network.routers())
    addresses = list(cloud.network.ips())
    groups = list(cloud.network.security_groups())
    free = [
        (of, subnet) for of in cloud.network.network_ip_availabilities() for subnet in of.subnet_ip_availability
    ]
    return {
        "openstack_neutron_networks": [[[], len(networks)]],
        "groundcrew_neutron_networks": totals((1, n.status, n.project_id) for n in networks),
        "openstack_neutron_subnets": [[[], len(subnets)]],
        "groundcrew_neutron_subnets": totals((1, s.ip_version, s.project_id) for s in subnets),
        "openstack_neutron_ports": [[[], len(ports)]],
        "openstack_neutron_ports_no_ips": [[[], sum(p.status == "ACTIVE" and not p.fixed_ips for p in ports)]],
        "groundcrew_neutron_ports": totals(
            (1, p.status, p.device_owner.split(":")[0], p.project_id) for p in ports
        ),
        "openstack_neutron_routers": [[[], len(routers)]],
        "groundcrew_neutron_routers": totals((1, r.status, r.project_id) for r in routers),
        "openstack_neutron_floating_ips": [[[], len(addresses)]],
        "openstack_neutron_floating_ips_associated_not_active": [
            [[], sum(a.port_id is not None and a.status != "ACTIVE" for a in addresses)]
        ],
        "openstack_neutron_security_groups": [[[], len(groups)]],
        "groundcrew_neutron_ips_total_of_subnets": totals(
            (subnet["total_ips"], subnet["ip_version"], of.project_id) for of, subnet in free
        ),
        "groundcrew_neutron_ips_used_of_subnets": totals(
            (subnet["used_ips"], subnet["ip_version"], of.project_id) for of, subnet in free
        ),
    }


def quotas(cloud):
    figures = collections.defaultdict(list)
    for project in cloud.identity.projects():
        of = [project.name, project.id]
        # openstacksdk 0.101 asks Nova in Cinder's words, which gives no usage, and has no call that asks in Nova's.
        compute = cloud.compute.get(f"/os-quota-sets/{project.id}/detail").json()["quota_set"]
        storage = cloud.block_storage.get_quota_set(project, usage=True)
        networks = cloud.network.get_quota(project.id, details=True)
        for name, key in [("vcpus", "cores"), ("memory", "ram"), ("instances", "instances")]:
            if compute[key]["limit"] != -1:
                figures[f"openstack_nova_limits_{name}_max"].append([of, compute[key]["limit"]])
            figures[f"openstack_nova_limits_{name}_used"].append([of, compute[key]["in_use"]])
        for name, key in [("volume", "gigabytes"), ("backup", "backup_gigabytes")]:
            if storage[key] != -1:
                figures[f"openstack_cinder_limits_{name}_max_gb"].append([of, storage[key]])
            figures[f"openstack_cinder_limits_{name}_used_gb"].append([of, storage.usage[key]])
        for key, name in [("networks", "network"), ("subnets", "subnet"), ("ports", "port"), ("routers", "router")]:
            figure = networks[key]
            if figure["limit"] != -1:
                figures[f"openstack_neutron_quota_{name}"].append([["limit", *of], figure["limit"]])
            for part in ("used", "reserved"):
                figures[f"openstack_neutron_quota_{name}"].append([[part, *of], int(figure[part])])
    return figures


READERS = [servers, hypervisors, services, block_storage, images, network, quotas]


def main():
    # Without a pinned microversion it takes the newest, which has no flavor's id.
    cloud = openstack.connect(compute_default_microversion="2.1")
    for _ in sys.stdin:
        start = time.perf_counter()
        figures = {name: samples for read in READERS for name, samples in read(cloud).items()}
        ms = (time.perf_counter() - start) * 1000
        print(json.dumps({"ms": ms, "figures": figures}), flush=True)


main()
