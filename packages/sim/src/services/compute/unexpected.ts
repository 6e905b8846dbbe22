import { ServiceFault } from '../../fault.ts';

/** What Nova says where it has no words of its own. */
export const unexpected = (type: string): ServiceFault =>
  new ServiceFault(
    500,
    `Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if possible.\n<class '${type}'>`,
  );
