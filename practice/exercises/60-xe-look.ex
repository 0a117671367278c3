title: What xe knows of this host
objective: XAPI and xe
terms: XAPI, xe host-list, xe network-list, xe template-list, --minimal
points: 1
minutes: 5

== task
A XenAPI service (xapi-lite) runs here. Ask it with xe and write into
/root/practice/answers:

    host = the UUID of this host
    network = the UUID of the network that stands for the bridge xenbr0
    templates = how many templates there are

== hints
- xe CLASS-list: host-list, network-list, template-list.
- A filter is field=value; --minimal prints UUIDs only, with commas between them.

== setup
xapi_up

== check
holds "host" same "$(answer host)" "$(xe host-list --minimal)"
holds "network" same "$(answer network)" "$(xe network-list bridge=xenbr0 --minimal)"
holds "templates" same "$(answer templates)" "$(xe template-list --minimal | tr ',' '\n' | grep -c .)"

== wrong
printf 'host = host1\nnetwork = xenbr0\ntemplates = 0\n' >answers

== solution
    echo "host = $(xe host-list --minimal)" >/root/practice/answers
    echo "network = $(xe network-list bridge=xenbr0 --minimal)" >>/root/practice/answers
    echo "templates = $(xe template-list --minimal | tr ',' '\n' | grep -c .)" >>/root/practice/answers

== cleanup
xapi_down
