/**
 * What `vh-python --help` says.
 * @packageDocumentation
 */

export const USAGE = `Usage: vh-python run [options]
       vh-python register NICK CLASS [--base-dir DIR]

run: runs an NMDC (Direct Connect) hub with Python scripts.

  --port N          TCP port, 0 for any that is free (default 4111)
  --host ADDRESS    address to listen on (default 127.0.0.1)
  --hub-name NAME   the hub's name (default "vh-python hub")
  --encoding NAME   the clients' encoding, such as UTF-8 or CP1251 (default UTF-8)
  --tls-cert FILE   certificate (PEM): listen for TLS too, with --tls-key
  --tls-key FILE    the certificate's private key (PEM)
  --tls-port N      TCP port for TLS, 0 for any that is free (default 4112)
  --limit NAME=N    what clients may cost, such as connectionsPerIp=50 or
                    messages.chat.perSecond=1; Infinity for none; may be repeated
  --base-dir DIR    the hub's folder: loads DIR/scripts/*.py (default: the package's example scripts)
  --sql MODE        what scripts may do to the hub's database by vh.SQL:
                    read-write (default), read-only or off
  --script FILE     load FILE, and only what is named so; may be repeated
  --watch           reload a script when its file changes
  --geoip DIR       a folder of GeoLite2, GeoIP2 or DB-IP databases (*.mmdb): where users are from
  --metrics-port N  serve http://127.0.0.1:N/metrics for Prometheus, 0 for any port that is free
  --metrics-host A  address to serve it on (default 127.0.0.1)
  --help            this text
  --version         the version

Ctrl-C ends the hub: every script's UnLoad() runs, then the clients are disconnected.

register: registers a user, such as the first operator, while the hub is not running. CLASS is one
of 0 to 5 and 10: 3 operator, 5 administrator, 10 master. The password is asked for, or read as the
one line of standard input.`;
