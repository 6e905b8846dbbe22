export { BoardError } from './fencing/board-error.ts';
export { commandDriver, type CommandDriverOptions } from './fencing/command.ts';
export { FenceError, type FenceErrorCode } from './fencing/fence-error.ts';
export type { FenceFacts, FenceProof } from './fencing/fence-proof.ts';
export { type Fencer, fencer, type FencerOptions, isFenceProof, isFresh } from './fencing/fencer.ts';
export { type IpmiBoard, ipmiDriver, type IpmiOptions } from './fencing/ipmi.ts';
export type { PowerDriver, PowerOptions, PowerReading, PowerState } from './fencing/power-driver.ts';
export type { RedfishBoard } from './fencing/redfish-client.ts';
export { redfishDriver, type RedfishOptions } from './fencing/redfish.ts';
