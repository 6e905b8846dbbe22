/** Where a rule comes from. */
export interface LogRuleSource {
  readonly name: string;
  readonly url?: string;
  /** What the rule follows from, in short. */
  readonly says?: string;
}

/** The talk, with what it says of the level that a rule is about. */
export const ofTalk = (says: string): LogRuleSource => ({ name: TALK, says });

/** OpenStack's specification, likewise. */
export const ofSpecification = (says: string): LogRuleSource => ({
  name: SPECIFICATION,
  url: 'https://specs.openstack.org/openstack/openstack-specs/specs/log-guidelines.html',
  says,
});

export const TALK = 'the talk of 2014 on running OpenStack';
export const SPECIFICATION = "OpenStack's logging guidelines (openstack-specs, log-guidelines)";

/** OpenStack's security guidelines. */
export const SECURITY: LogRuleSource = {
  name: "OpenStack's security guidelines, Logging",
  url: 'https://wiki.openstack.org/wiki/Security/Guidelines/logging_guidelines',
};

export const UPSTREAM: LogRuleSource = {
  name: 'glance_store, which logs at error what it logs at warning next',
  url: 'https://opendev.org/openstack/glance_store/src/tag/4.1.0/glance_store/driver.py#L98',
};
