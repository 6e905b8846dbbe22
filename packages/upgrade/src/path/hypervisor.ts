import type { SeriesName } from '@groundcrew/ground/series';

/** The oldest libvirt and QEMU with which nova-compute of a series starts. */
export interface HypervisorFloor {
  readonly libvirt: string;
  readonly qemu: string;
}

const at = (libvirt: string, qemu: string): HypervisorFloor => ({ libvirt, qemu });

/** `MIN_LIBVIRT_VERSION` and `MIN_QEMU_VERSION` in nova/virt/libvirt/driver.py, at the first tag of each series (22.0.0 to 33.0.0). */
export const hypervisorFloors: Readonly<Partial<Record<SeriesName, HypervisorFloor>>> = {
  victoria: at('5.0.0', '4.0.0'),
  wallaby: at('6.0.0', '4.2.0'),
  xena: at('6.0.0', '4.2.0'),
  yoga: at('6.0.0', '4.2.0'),
  zed: at('6.0.0', '4.2.0'),
  antelope: at('6.0.0', '4.2.0'),
  bobcat: at('7.0.0', '5.2.0'),
  caracal: at('7.0.0', '5.2.0'),
  dalmatian: at('7.0.0', '5.2.0'),
  epoxy: at('8.0.0', '6.2.0'),
  flamingo: at('8.0.0', '6.2.0'),
  gazpacho: at('8.0.0', '6.2.0'),
};

/** Whether a version is older than another: `9.0.0`, `8.2.2`, `7.2`. What is no version is neither. */
export function isOlder(version: string, than: string): boolean {
  const [mine, other] = [version, than].map((text) => text.split('.').map(Number));
  if (mine === undefined || other === undefined || [...mine, ...other].some(Number.isNaN)) return false;
  for (let index = 0; index < Math.max(mine.length, other.length); index += 1) {
    const difference = (mine[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
