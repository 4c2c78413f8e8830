import Basics
import Insight

// One day played again: a bar under the map. Without scripts it is a form with a moment; every answer is made by the engine for that moment.

extension CommandRoom {
    /// The bar: the day it is about, the moment, and the ways to other days and back to now.
    func replay() -> View {
        let zone = call.house.zone
        let today = desk.now.day(in: zone)
        let day = now.day(in: zone)
        let start = Instant(day, in: zone)
        // Today ends now, any other day at its midnight.
        let last = min(Instant(day + 1, in: zone) - .minutes(1), desk.now)
        func minutes(_ instant: Instant) -> String { String((instant - start).milliseconds / 60_000) }
        func other(_ day: Day) -> View {
            let same = min(Instant(day, in: zone) + (now - start), desk.now)
            return ["href": battleAddress(at: times.field(same)), "name": desk.times.day(day)]
        }
        var view: View = [
            "at": times.field(now), "day": day.description, "dayName": desk.times.day(day), "minutes": minutes(now), "last": minutes(last),
            "least": "\(today - (Replays.farthest - 1))T00:00", "most": times.field(desk.now), "clock": times.clock(now),
            "grid": land.chosen.id.description, "live": battleAddress(at: .some(nil)),
        ]
        if past != nil { view["past"] = true }
        if !themed.isEmpty { view["light"] = true }
        if today - day + 1 < Replays.farthest { view["before"] = other(day - 1) }
        if day < today { view["after"] = other(day + 1) }
        return view
    }
}
