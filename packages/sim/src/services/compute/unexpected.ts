import { ServiceFault } from '../../fault.ts';

/** Nova's answer to an error that it does not handle. */
export const unexpected = (type: string): ServiceFault =>
  new ServiceFault(
    500,
    `Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if possible.\n<class '${type}'>`,
  );
