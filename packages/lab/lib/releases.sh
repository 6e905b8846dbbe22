# shellcheck shell=bash
# What differs from one OpenStack release to another, all in one place. Everything else is
# written for all of them (programs that moved: see `first` in lib/programs.sh).

release_differences() {
    # Zed, the host's own.
    CINDER_DIRECT_URLS='file'      # image locations that Cinder reads without Glance
    CINDER_PATH=/v3                # of its endpoint of type block-storage
    GLANCE_PACKAGES=(glance-api)   # from this suite
    GLANCE_OVERLAY=''              # or: unpacked from another suite, there
    GLANCE_SERVER='command'        # or uwsgi
    NEUTRON_SERVERS=(rpc-server)   # besides neutron-api
    case $CODE in
        bullseye)  # Victoria
            # Cinder 17 opens such an image as text, and fails.
            CINDER_DIRECT_URLS=''
            # Its URLs may lack the project since Yoga only.
            # shellcheck disable=SC2016  # Keystone's variable, not the shell's
            CINDER_PATH='/v3/$(project_id)s' ;;
        trixie)  # Epoxy (2025.1)
            NEUTRON_SERVERS=(rpc-server periodic-workers) ;;
        forky)  # Gazpacho (2026.1), but for Keystone 30 and Glance 33 (2026.2)
            # Testing has no glance-api; unstable's needs an oslo.policy that breaks this
            # suite's neutron-lib. Both are unpacked aside, for Glance only; what Glance
            # needs besides is of this suite.
            GLANCE_PACKAGES=(qemu-utils python3-boto3 python3-castellan python3-cursive
                python3-defusedxml python3-glance-store python3-monotonic python3-oslo.limit
                python3-oslo.reports python3-osprofiler python3-pastescript
                python3-swiftclient python3-taskflow python3-wsme python3-xattr)
            GLANCE_OVERLAY=/opt/glance-of-sid
            GLANCE_SERVER=uwsgi  # Glance 33 has no server of its own any more
            NEUTRON_SERVERS=(rpc-server periodic-workers) ;;
    esac
}
