# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The connection options of every module."""

    DOCUMENTATION = r"""
options:
  hostname:
    description:
      - Name or IP address of the backup appliance, without scheme, port or path.
      - If not set, the environment variable E(VBAWS_HOSTNAME) is used. For every connection option, an empty variable
        counts as not set.
    type: str
    required: true
  port:
    description:
      - TCP port of the appliance's REST API.
      - The security group of the appliance blocks this port by default. Allow access from the machine that runs the
        module.
      - If not set, the environment variable E(VBAWS_PORT) is used.
    type: int
    default: 11005
  username:
    description:
      - User to log in as. The user needs the role Portal Administrator to change the configuration.
      - Required together with O(password) unless O(access_token) is set. A user with multi-factor authentication cannot
        log in unattended; use another user, or a token from M(vbaws.appliance.token).
      - If not set, the environment variable E(VBAWS_USERNAME) is used.
    type: str
  password:
    description:
      - Password of O(username).
      - A refused login is not retried, to avoid locking the user's account.
      - If not set, the environment variable E(VBAWS_PASSWORD) is used.
    type: str
  access_token:
    description:
      - Token to use instead of logging in. It is not revoked at the end of the task.
      - If O(username) and O(password) are also set, the task uses them to log in again when the token has expired.
      - If not set, the environment variable E(VBAWS_ACCESS_TOKEN) is used.
    type: str
  api_version:
    description:
      - Revision of the REST API to request. Version 9 of the product accepts revisions up to V(1.7-rev0), version 9.1
        up to V(1.7-rev1), version 10 up to V(1.8-rev0), and version 11 up to V(1.9-rev0). Each version also accepts
        about two older revisions.
      - If not set, the environment variable E(VBAWS_API_VERSION) is used.
    type: str
    default: 1.7-rev0
  validate_certs:
    description:
      - Whether to verify the certificate of the appliance. With V(false), an attacker on the network path can read the
        password. If the certificate is self-signed, prefer O(ca_path) or O(certificate_fingerprint).
      - If not set, the environment variable E(VBAWS_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - PEM file, or directory prepared by C(openssl rehash), with the certificates to trust. It replaces the default
        certificates. The environment variables E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) do not override it.
      - If not set, the environment variable E(VBAWS_CA_PATH) is used.
    type: path
  certificate_fingerprint:
    description:
      - SHA-256 fingerprint of the certificate that the appliance must present, as 64 hexadecimal digits with or without
        colons. It is meant for the self-signed certificate that an appliance comes with.
      - It replaces the verification of the issuer and the host name. O(ca_path) and O(validate_certs) then have no
        effect.
      - If not set, the environment variable E(VBAWS_CERTIFICATE_FINGERPRINT) is used.
    type: str
  proxy:
    description:
      - URL of an HTTP proxy, such as V(http://proxy.example.com:3128). It may contain a user name and a password.
      - The certificate of an C(https://) proxy is always verified, with O(ca_path) if it is set. O(validate_certs) and
        O(certificate_fingerprint) only apply to the appliance.
      - If neither O(proxy) nor the environment variable E(VBAWS_PROXY) is set, E(HTTPS_PROXY) and E(NO_PROXY) apply.
    type: str
  timeout:
    description:
      - Timeout in seconds for a single read from the appliance. Connecting has the same timeout, but at most 10
        seconds.
      - The whole task may take ten times as long, and once more as long for each entry of O(ignore:organizations), plus
        O(ignore:wait_timeout). The latter two only apply if the module has these options.
      - If not set, the environment variable E(VBAWS_TIMEOUT) is used.
    type: int
    default: 30
  retries:
    description:
      - How often to repeat a call that the appliance did not process, for example because the connection failed or the
        appliance was too busy.
      - The pauses grow up to 30 seconds and are partly random. If the appliance requests a longer pause, the task waits
        that long.
      - A call that the appliance may have processed is repeated only if this does no harm. An organization is never
        added twice.
      - If not set, the environment variable E(VBAWS_RETRIES) is used.
    type: int
    default: 4
  read_only:
    description:
      - Whether to refuse every call that would change the configuration of the appliance, before it is sent.
      - If not set, the environment variable E(VBAWS_READ_ONLY) is used.
    type: bool
    default: false
  wire_names:
    description:
      - Property names of the REST API that differ from the names that this collection assumes. The dictionary maps the
        qualified name of an option, such as V(organization.backup_restore_iam_role_name), to the name of the property.
        If answers and requests use different names, give a dictionary with C(read) and C(write). A name with a dot,
        such as V(rescanRole.id), is a property inside an object and is used for reading only.
      - The key V(not_sent) lists properties that a modification leaves out. Other properties that the collection does
        not know are sent back as they were read.
      - Needed only if the vendor's reference does not document a name and the appliance uses a different name than
        assumed, or if a task asks for it.
      - If not set, the environment variable E(VBAWS_WIRE_NAMES) is used, as JSON or as comma-separated C(key=value)
        pairs.
    type: dict
requirements:
  - requests
notes:
  - A task logs in at its first call and revokes its token at its end, even if it fails or is interrupted. If a token
    may stay valid, for example because the answer to a login was lost, a warning says so.
  - An answer of more than 16 MiB, 1,000,000 values or 64 levels is an error.
"""
