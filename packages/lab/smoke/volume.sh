# shellcheck shell=bash disable=SC2086  # $T is one word
note 'volume'
step 'volume create' member volume create --size 1 $T -c id -f value
step 'volume is available' is available 30 member volume show $T -c status
step 'volume snapshot create' member volume snapshot create --volume $T $T -c id -f value
step 'snapshot is available' is available 30 member volume snapshot show $T -c status
step 'volume from snapshot' member volume create --snapshot $T --size 1 $T-from-snapshot -c id -f value
step 'volume from image (bootable)' member volume create --image $T --size 1 $T-from-image -c id -f value
step 'volume from image is available' is available 60 member volume show $T-from-image -c status
step 'volume backup create' member volume backup create --name $T $T -c id -f value
step 'backup is available' is available 60 member volume backup show $T -c status
step 'volume attach' member server add volume $T $T
step 'volume is in-use' is in-use 30 member volume show $T -c status
step 'volume extend (not attached)' member volume set --size 2 $T-from-snapshot
asks 'backup restore' 'cannot unpack non-iterable' member volume backup restore --force $T $T-from-snapshot
step 'restored volume is available' is available 60 member volume show $T-from-snapshot -c status
step 'boot from volume' member server create --volume $T-from-image --flavor $T --network $T --wait $T-bfv -c status -f value
step 'server image create' member server image create --name $T-snap --wait $T -c status -f value
