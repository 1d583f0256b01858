import pytest

from snaptui.model.snapshot import Snapshot

UUID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"


def volume(name: str, *tags: str, resource_type: str = "volume") -> Snapshot:
    return Snapshot("1", name, None, None, (), None, None, None, resource_type, tags)


@pytest.mark.parametrize(
    "name", [f"snapshot-{UUID}", f"velero-{UUID}", f"pvc-{UUID}", f"ark-{UUID}", f"velero-nightly-{UUID}"]
)
def test_a_name_that_kubernetes_tools_give_tells_a_snapshot_of_a_cluster(name: str) -> None:
    assert volume(name).is_csi
    assert not volume(name, resource_type="droplet").is_csi


def test_the_tag_tells_it_whatever_the_name_is() -> None:
    assert volume("mine", "k8s:cluster").is_csi


@pytest.mark.parametrize("name", ["snapshot-1", f"web-{UUID}", UUID, "velero-backup", f"my-snapshot-{UUID}"])
def test_other_names_do_not(name: str) -> None:
    assert not volume(name).is_csi
