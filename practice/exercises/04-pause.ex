title: Stop a guest for a while, let another go on
objective: Guests with xl
terms: xl pause, xl unpause, states in xl list
points: 1
minutes: 3
guests: alder birch

== task
alder eats processor time, and birch was started paused and never released. Stop
alder without ending it, and let birch run.

== hints
- The column State of `xl list` has a p for paused guests.
- Two commands, opposites of each other.

== setup
stub alder
stub birch
xl pause birch
remember alder "$(domid alder)"
remember birch "$(domid birch)"

== check
holds "alder is paused" in_state alder p || because "xl list shows: $(state alder)"
holds "alder is still the same domain" same "$(domid alder)" "$(recall alder)"
holds "birch runs" alive birch
holds "birch is still the same domain" same "$(domid birch)" "$(recall birch)"

== wrong
xl pause alder
xl destroy birch

== solution
A paused domain keeps its memory and gets no processor time.

    xl pause alder
    xl unpause birch
