import type { Duration } from '@groundcrew/ground';

/**
 * The longest time between two looks of Nova at the power state of a guest, as Nova is by default: `sync_power_state_interval`,
 * 600 s; the jitter that oslo.service adds to each interval, up to 5 percent, 30 s (`_nearest_boundary` of
 * `oslo_service/periodic_task.py`); and, where nova-compute starts anew so soon that nobody sees its service down,
 * `service_down_time` and `periodic_fuzzy_delay`, 60 s each. In between Nova tells the state of the look before.
 */
export const BETWEEN_LOOKS: Duration = '12.5m';
