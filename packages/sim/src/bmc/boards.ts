import { type Clock, type Duration, milliseconds, parseArguments, systemClock } from '@groundcrew/ground';
import { z } from 'zod';

export type Power = 'On' | 'Off' | 'PoweringOn' | 'PoweringOff';

/**
 * The faults that a board can have. `lies`: it accepts every order and does nothing. `off-then-on`: it goes off, and on
 * again after a moment, as with a watchdog or a colleague. `stuck`: it stays `PoweringOff`. `forgets-password`: it answers
 * 401. `garbage`: it answers no JSON. `mute`: it accepts the connection, and never answers. `other-machine`: it is wired
 * to another machine.
 */
export type BoardFault =
  | 'lies'
  | 'off-then-on'
  | 'stuck'
  | 'forgets-password'
  | 'garbage'
  | 'mute'
  | 'other-machine';

/** Every fault by its name: one that is forgotten here does not compile. */
const FAULTS: Readonly<Record<BoardFault, true>> = {
  lies: true,
  'off-then-on': true,
  stuck: true,
  'forgets-password': true,
  garbage: true,
  mute: true,
  'other-machine': true,
};

const aFault = z.strictObject({
  fault: z.enum(Object.keys(FAULTS) as [BoardFault, ...BoardFault[]]).optional(),
});
const aPower = z.strictObject({ power: z.enum(['On', 'Off']) });

/** The part of a clock that boards use; a `VirtualClock` has it. */
export interface BoardClock extends Pick<Clock, 'now'> {
  after?(ms: number, task: () => void): void;
}

export interface BoardOptions {
  /** The time from an order to its effect. @default 0 */
  readonly delay?: Duration | undefined;
  readonly clock?: BoardClock | undefined;
  /** Called when the power of a machine changes. */
  readonly onPower?: ((host: string, power: 'On' | 'Off') => void) | undefined;
}

/**
 * One simulated baseboard. Its power follows from its orders and the time. On a virtual clock an effect comes when it is
 * due; on the machine's clock it comes when it is read, for nothing runs in the background.
 */
export class Board {
  readonly host: string;
  readonly serial: string;
  readonly uuid: string;
  /** Every order that the board received. */
  readonly orders: string[] = [];
  readonly #delay: number;
  readonly #clock: BoardClock;
  readonly #onPower: BoardOptions['onPower'];
  #power: 'On' | 'Off' = 'On';
  #turning: { readonly to: 'On' | 'Off'; readonly at: number } | undefined;
  #back: number | undefined;
  #fault: BoardFault | undefined;

  constructor(host: string, number: number, { delay = 0, clock = systemClock, onPower }: BoardOptions = {}) {
    this.host = host;
    this.serial = `SN${String(number).padStart(6, '0')}`;
    this.uuid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    this.#delay = milliseconds(delay, 'delay');
    this.#clock = clock;
    this.#onPower = onPower;
  }

  /** The fault that the board has now. A name that no fault has is an `InputError`. */
  get fault(): BoardFault | undefined {
    return this.#fault;
  }

  set fault(fault: BoardFault | undefined) {
    parseArguments('board.fault', aFault, { fault });
    this.#fault = fault;
  }

  get power(): Power {
    this.#settle();
    if (this.#turning === undefined) return this.#power;
    return this.#turning.to === 'On' ? 'PoweringOn' : 'PoweringOff';
  }

  /** Gives an order: `ForceOff`, `On`, … (Redfish's ResetType). */
  order(reset: string): void {
    this.#settle();
    this.orders.push(reset);
    if (this.fault === 'lies') return;
    const now = this.#clock.now();
    const to = /Off|Shutdown/.test(reset) ? 'Off' : 'On';
    if (this.fault === 'stuck') this.#turning = { to, at: Infinity };
    else this.#turning = { to, at: now + this.#delay };
    if (this.fault === 'off-then-on' && to === 'Off') this.#back = now + this.#delay + 1_500;
    this.#settle();
    if (this.#turning !== undefined && this.#turning.at !== Infinity) this.#later(this.#turning.at);
    if (this.#back !== undefined) this.#later(this.#back);
  }

  /** Changes the power without an order, as a fuse or a colleague does. */
  set(power: 'On' | 'Off'): void {
    parseArguments('board.set', aPower, { power });
    this.#turning = undefined;
    if (this.#power === power) return;
    this.#power = power;
    this.#onPower?.(this.host, power);
  }

  #later(at: number): void {
    this.#clock.after?.(at - this.#clock.now(), () => this.#settle());
  }

  #settle(): void {
    const now = this.#clock.now();
    if (this.#turning !== undefined && now >= this.#turning.at) this.set(this.#turning.to);
    if (this.#back !== undefined && now >= this.#back) {
      this.#back = undefined;
      this.set('On');
    }
  }
}
