import Basics
import Matters
import Posts

extension ActInput {
    /// What a form says, of any page.
    /// - Throws: `MatterRefusal.badMilestones` for a line with only a name or only a day.
    init(_ form: Form, photos: [PhotoID], other: MatterID?) throws {
        func text(_ name: String) -> String? { form[name].isEmpty ? nil : form[name] }
        /// Only what was changed: a changed category brings its own class and urgency along.
        func changed(_ name: String) -> String? { form[name] == form["was_\(name)"] ? nil : text(name) }
        self.init()
        part = PartID(form["part"])
        words = text("words")
        reason = text("reason").map { String($0.prefix(60)) }
        posts = form.all("posts").prefix(50).compactMap { PostID($0) }
        units = form.all("units").prefix(50).compactMap { UnitID($0) }
        // One place at a time: a department that was chosen goes before the post that stood there already.
        if !units.isEmpty { posts = [] }
        category = changed("category")
        `class` = changed("class")
        urgency = changed("urgency")
        due = Day(form["due"])
        if due == nil, !form["due"].isEmpty { throw MatterRefusal.badDate(latest: nil) }
        self.other = other ?? MatterID(form["other"])
        rating = Int(form["rating"])
        outcome = text("outcome")
        self.photos = photos
        milestone = MilestoneID(form["milestone"])
        let (names, days) = (form.all("milestone_name"), form.all("milestone_day"))
        for (index, name) in names.enumerated() {
            let (name, day) = (name.trimmingSpaces, index < days.count ? days[index].trimmingSpaces : "")
            if name.isEmpty, day.isEmpty { continue }
            guard !name.isEmpty, let due = Day(day) else { throw MatterRefusal.badMilestones }
            milestones.append((name, due))
        }
    }
}
