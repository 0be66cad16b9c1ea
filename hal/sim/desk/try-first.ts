/** What to try first, for the terminal; the page has the same in its own words. */

export const tryFirst = ({ port, server }: { readonly port: number; readonly server: string }): string => `
  Open the page, or try this first (each printer is factory-new: nothing is synchronised yet):

    api=http://127.0.0.1:${port}/api
    # 1. machine 1 becomes the server machine
    curl -X PUT $api/machines/1/synchronize -d '{"server": true}'
    # 2. machines 2 and 3 become its clients; a restart starts synchronising
    for n in 2 3; do
      curl -X PUT $api/machines/$n/synchronize -d '{"client": {"destination": "${server}", "account": "Administrator", "password": "desk"}}'
      curl -X POST $api/machines/$n/power -d '{"action": "restart"}'
    done
    # 3. alice gets a button on machine 2, and has it on machine 3
    curl -X PUT $api/machines/2/items -d '[{"owner": "user:alice", "item": "personal-button", "key": "a", "value": {"name": "My scan", "function": "scan-and-send"}}]'
    sleep 1; curl "$api/machines/3/items?owner=user:alice"

  On a panel: log in as Administrator, then Settings > Management Settings > Device Management.
  Ctrl-C ends the desk; the printers keep their data. hal/sim/desk/DESK.md has all of it.
`;
