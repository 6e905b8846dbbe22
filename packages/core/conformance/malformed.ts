/**
 * Upstream samples that the real service would not send or would refuse, each with what is wrong. They are counted
 * apart, so that a misfit always is one of ours.
 */
export const malformed: Readonly<Record<string, string>> = {
  'nova/servers/v2.90/server-create-req.json':
    'has `personality`, gone since 2.57, and no `networks`, required since 2.37',
  'nova/servers/v2.94/server-create-req.json':
    'has `personality`, gone since 2.57, and no `networks`, required since 2.37',
  'cinder/group-create-from-src-request.json': 'null where `cinder/api/schemas/groups.py` wants a string',
  'cinder/host-attach-request.json': 'lacks `mountpoint`, which is required',
  'cinder/user-quotas-update-request.json': "has Nova's quotas, and `force`",
  'cinder/volume-bootable-status-update-request.json': 'the boolean is text',
  'neutron-lib/routers/router-update-request.json': '`routes` stands within `external_gateway_info`',
  'neutron-lib/taas/taf-list-response.json': 'its fields are capitalised: `ID`, `Name`',
  'masakari/hosts/host-update-req.json': 'the boolean is text',
  'masakari/notifications/process-notification-create-req.json':
    'its event is in small letters, which `masakari/objects/fields.py` does not have',
};
