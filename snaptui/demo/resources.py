"""Droplets, volumes and autoscale pools of the demo, with every field that the API's reference requires.

Source: DigitalOcean's OpenAPI description; `GET /v2/droplets`, `/v2/volumes` and `/v2/droplets/autoscale`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from snaptui.demo.names import REGION_NAMES, REGIONS

Row = dict[str, object]
SIZES: Final = (
    # slug, memory in MB, vcpus, disk in GB, transfer in TB, US dollars a month, description
    ("s-1vcpu-1gb", 1_024, 1, 25, 1.0, 6.0, "Basic"),
    ("s-2vcpu-4gb", 4_096, 2, 80, 4.0, 24.0, "Basic"),
    ("s-4vcpu-8gb", 8_192, 4, 160, 5.0, 48.0, "Basic"),
    ("gpu-h100x1-80gb", 245_760, 20, 720, 15.0, 2_522.88, "H100 GPU - 1X"),
)
GPU_SIZE: Final = SIZES[-1]
BASE_IMAGE: Final = 155_133_621
_HOURS_A_MONTH: Final = 672


def moment(seconds: float) -> str:
    """Return Unix seconds as the API writes them."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def region(slug: str) -> Row:
    """Return a region."""
    return {
        "name": REGION_NAMES[slug],
        "slug": slug,
        "features": ["backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer"],
        "available": True,
        "sizes": [name for name, *_ in SIZES],
    }


def size(number: int) -> Row:
    """Return a droplet size of `SIZES`."""
    slug, memory, vcpus, disk, transfer, monthly, description = SIZES[number]
    return {
        "slug": slug,
        "memory": memory,
        "vcpus": vcpus,
        "disk": disk,
        "transfer": transfer,
        "price_monthly": monthly,
        "price_hourly": round(monthly / _HOURS_A_MONTH, 5),
        "regions": list(REGIONS),
        "available": True,
        "description": description,
    }


def base_image(created: float) -> Row:
    """Return the public image that most droplets were built from."""
    return {
        "id": BASE_IMAGE,
        "name": "24.04 (LTS) x64",
        "type": "base",
        "distribution": "Ubuntu",
        "slug": "ubuntu-24-04-x64",
        "public": True,
        "regions": list(REGIONS),
        "created_at": moment(created),
        "min_disk_size": 7,
        "size_gigabytes": 2.4,
        "description": "Ubuntu 24.04 x64",
        "tags": [],
        "status": "available",
    }


def snapshot_image(snapshot: Row) -> Row:
    """Return a droplet snapshot as the image of a droplet that was built from it."""
    copied = ("name", "regions", "created_at", "min_disk_size", "size_gigabytes", "tags")
    return {
        "id": int(str(snapshot["id"])),
        "type": "snapshot",
        "distribution": "Ubuntu",
        "slug": None,
        "public": False,
        "description": "",
        "status": "available",
        **{name: snapshot[name] for name in copied},
    }


def droplet(number: int, name: str, slug: str, size_number: int, created: float, tags: Sequence[str]) -> Row:
    """Return a droplet; `number` counts all droplets from 0 and makes their ids and addresses."""
    of = size(size_number)
    address = {"ip_address": f"192.0.2.{number + 1}", "netmask": "255.255.255.0", "gateway": "192.0.2.1"}
    return {
        "id": 200_776_900 + number,
        "name": name,
        **{field: of[field] for field in ("memory", "vcpus", "disk")},
        "locked": False,
        "status": "active",
        "kernel": None,
        "created_at": moment(created),
        "features": ["private_networking", "droplet_agent"],
        "backup_ids": [],
        "next_backup_window": None,
        "snapshot_ids": [],
        "image": base_image(created),
        "volume_ids": [],
        "size": of,
        "size_slug": of["slug"],
        "networks": {"v4": [{**address, "type": "public"}], "v6": []},
        "region": region(slug),
        "tags": list(tags),
        "vpc_uuid": "760e09ef-dc84-41e8-981e-3cfdfeaae000",
    }


def volume(volume_id: str, name: str, slug: str, created: float, tags: Sequence[str]) -> Row:
    """Return a volume."""
    return {
        "id": volume_id,
        "name": name,
        "description": "",
        "size_gigabytes": 300,
        "created_at": moment(created),
        "droplet_ids": [],
        "filesystem_type": "ext4",
        "filesystem_label": "",
        "region": region(slug),
        "tags": list(tags),
    }


def autoscale_pool(pool_id: str, name: str, image: str, slug: str, created: float) -> Row:
    """Return an autoscale pool whose droplets are built from an image."""
    return {
        "id": pool_id,
        "name": name,
        "config": {
            "min_instances": 1,
            "max_instances": 5,
            "target_cpu_utilization": 0.6,
            "target_memory_utilization": 0.6,
            "cooldown_minutes": 10,
        },
        "droplet_template": {
            "name": name,
            "region": slug,
            "size": SIZES[0][0],
            "image": image,
            "ssh_keys": ["3b:16:bf:e4:8b:00:8b:b8:59:8c:a9:d3:f0:19:45:fa"],
            "tags": ["web"],
            "vpc_uuid": "760e09ef-dc84-41e8-981e-3cfdfeaae000",
            "with_droplet_agent": True,
            "project_id": "",
            "ipv6": False,
            "user_data": "",
        },
        "current_utilization": {"cpu": 0.32, "memory": 0.41},
        "created_at": moment(created),
        "updated_at": moment(created),
        "status": "active",
        "active_resources_count": 2,
    }
