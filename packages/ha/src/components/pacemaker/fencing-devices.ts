import { counted } from '@groundcrew/ground';
import type { PacemakerResource, PacemakerStatus } from './crm-mon.ts';
import { some } from '../../probing/report.ts';

/** Can this cluster fence, as far as crm_mon tells? */
export interface Fencing {
  /** `undefined`: it is not told. */
  readonly good: boolean | undefined;
  readonly title: string;
  readonly because: string;
}

/**
 * The facts about fencing that can be told. Pacemaker's fencer drops a device that somebody has switched off
 * (`target-role=Stopped`, its own or that of the clone or group around it: `cib_device_update` in fenced), and may use any
 * other, whether it runs or not. One that does not run, or failed, has not shown that it works. Which nodes a device can
 * fence (`pcmk_host_list`), and where a constraint keeps it out, crm_mon does not tell, and so no title claims it.
 */
export function fencing({ stonith, resources }: PacemakerStatus): Fencing {
  const devices = resources.filter((resource) => resource.agent.startsWith('stonith:'));
  const off = devices.filter(isOff);
  const shown = devices.filter(isShown);
  const doubtful = devices.filter((device) => !isOff(device) && !isShown(device));
  const because = `stonith-enabled ${stonith ?? 'not told'}; devices: ${some(devices.map(saying)) || 'none'}`;
  if (stonith === undefined)
    return { good: undefined, title: 'Whether nodes are fenced is not told', because };
  if (!stonith) return { good: false, title: 'Fencing is switched off: a resource may run twice', because };
  if (devices.length === 0)
    return { good: false, title: 'Fencing is on, and there is no device to fence with', because };
  if (off.length === devices.length)
    return {
      good: false,
      title: `Fencing is on, and ${counted(off.length, 'device is', 'devices are')} switched off: ${some(off.map((device) => device.id))}`,
      because,
    };
  if (shown.length === 0)
    return {
      good: undefined,
      title: `Fencing is on, and whether ${some(doubtful.map((device) => device.id))} can fence is not known`,
      because,
    };
  return {
    good: true,
    title: `Fencing is on, and ${counted(shown.length, 'device is', 'devices are')} started; which nodes it can fence crm_mon does not tell`,
    because,
  };
}

const isOff = ({ targetRole, orphaned }: PacemakerResource): boolean =>
  targetRole?.toLowerCase() === 'stopped' || orphaned === true;

const isShown = (device: PacemakerResource): boolean =>
  !isOff(device) && device.active && device.role === 'Started' && !device.failed && !device.blocked;

const saying = (device: PacemakerResource): string =>
  [
    `${device.id} ${device.role}`,
    ...(device.targetRole === undefined ? [] : [`target-role ${device.targetRole}`]),
    ...(device.managed ? [] : ['unmanaged']),
    ...(device.failed ? ['failed'] : []),
    ...(device.blocked ? ['blocked'] : []),
    ...(device.orphaned === true ? ['orphaned'] : []),
  ].join(' ');
