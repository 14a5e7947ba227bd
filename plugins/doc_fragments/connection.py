# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The connection options of every module."""

    DOCUMENTATION = r"""
options:
  hostname:
    description:
      - Name or IP address of the backup appliance, without scheme, port or path.
      - If not set, the environment variable E(VBAWS_HOSTNAME) is used. An empty variable counts as not set, here
        and below.
    type: str
    required: true
  port:
    description:
      - TCP port of the appliance's REST API.
      - The port is closed by default in the security group of the appliance; the machine that runs the module must
        be let in.
      - If not set, the environment variable E(VBAWS_PORT) is used.
    type: int
    default: 11005
  username:
    description:
      - User to log in as. To change the configuration the user needs the role Portal Administrator.
      - Needed together with O(password) unless O(access_token) is set. A user with multi-factor authentication
        cannot log in unattended; use a user without it, or a token.
      - If not set, the environment variable E(VBAWS_USERNAME) is used.
    type: str
  password:
    description:
      - Password of O(username).
      - A login that the appliance refuses is never repeated, so that a wrong password does not lock the user out.
      - If not set, the environment variable E(VBAWS_PASSWORD) is used.
    type: str
  access_token:
    description:
      - Token to use instead of logging in. It is not revoked at the end of the task.
      - If O(username) and O(password) are set as well, they serve to log in anew once the token has expired.
      - If not set, the environment variable E(VBAWS_ACCESS_TOKEN) is used.
    type: str
  api_version:
    description:
      - Revision of the REST API to ask for. Version 9 of the product accepts up to V(1.7-rev0), 9.1 up to
        V(1.7-rev1), 10 up to V(1.8-rev0), 11 up to V(1.9-rev0), and each about two older revisions.
      - If not set, the environment variable E(VBAWS_API_VERSION) is used.
    type: str
    default: 1.7-rev0
  validate_certs:
    description:
      - Whether to check the certificate of the appliance. V(false) lets anybody on the way read the password;
        prefer O(ca_path) or O(certificate_fingerprint) for an appliance with a self-signed certificate.
      - If not set, the environment variable E(VBAWS_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - File in PEM format, or directory prepared by C(openssl rehash), with the certificates to trust. It replaces
        those that are trusted otherwise, and the environment variables E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE)
        cannot override it.
      - If not set, the environment variable E(VBAWS_CA_PATH) is used.
    type: path
  certificate_fingerprint:
    description:
      - SHA-256 fingerprint of the certificate that the appliance must present, as 64 hexadecimal digits with or
        without colons.
      - It replaces the check of the issuer and of the host name, so O(ca_path) and O(validate_certs) have no effect
        beside it. It is meant for the self-signed certificate that an appliance comes with.
      - If not set, the environment variable E(VBAWS_CERTIFICATE_FINGERPRINT) is used.
    type: str
  proxy:
    description:
      - URL of an HTTP proxy to go through, such as V(http://proxy.example.com:3128). It may contain a user and a
        password.
      - If neither it nor the environment variable E(VBAWS_PROXY) is set, E(HTTPS_PROXY) and E(NO_PROXY) apply.
    type: str
  timeout:
    description:
      - Seconds that a single read from the appliance may take. A connection must be made within this time as well,
        and within 10 seconds at most.
      - A task as a whole has ten times as long, and O(ignore:wait_timeout) on top if it has that option.
      - If not set, the environment variable E(VBAWS_TIMEOUT) is used.
    type: int
    default: 30
  retries:
    description:
      - How often a call is repeated that the appliance did not process, such as when it cannot be connected to or
        is too busy.
      - The pauses grow, with a random share, up to 30 seconds; a longer one that the appliance asks for is
        respected. A call that may have been carried out is repeated only where that does no harm; an organization
        is never added twice.
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
      - Property names of the REST API that differ from those which this collection assumes, as a dictionary from
        the qualified name of an option, such as V(organization.backup_restore_iam_role_name), to the name of the
        property.
      - Only needed where the names that the vendor's reference leaves open turn out to be different on an
        appliance.
      - If not set, the environment variable E(VBAWS_WIRE_NAMES) is used, as JSON or as C(key=value) pairs with
        commas.
    type: dict
requirements:
  - requests
notes:
  - A task logs in at its first call and revokes its token at its end, also if it fails or is interrupted.
"""
