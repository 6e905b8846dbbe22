/**
 * The routes that a service has, that no record has, and that are not simulated: they answer 501, as a record without a handler
 * does, so that nobody takes the simulation's gap for the service's.
 *
 * Nova's (`ROUTE_LIST`) are its proxy to Ironic (500 on the lab, which has none), the calls of drivers for snapshots of
 * volumes on file systems, and the log of `instance_usage_audit` of earlier periods.
 */
export const notSimulatedRoutes: { readonly [service: string]: readonly string[] } = {
  compute: [
    'GET os-baremetal-nodes',
    'POST os-baremetal-nodes',
    'GET os-baremetal-nodes/{id}',
    'DELETE os-baremetal-nodes/{id}',
    'POST os-baremetal-nodes/{id}/action',
    'POST os-assisted-volume-snapshots',
    'DELETE os-assisted-volume-snapshots/{id}',
    'GET os-instance_usage_audit_log/{before}',
  ],
};
