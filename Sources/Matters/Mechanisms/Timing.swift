import Basics
import Catalog
import Posts
import Store

// The day of a matter (row C8): set by the officer within its limit, moved later only with a second person's yes; and the regular word on
// long-term ones, so that none is forgotten.

extension Working {
    // MARK: By a date

    /// Sets the day by which it is to be finished.
    /// - Throws: `.badDate` for a day that is over, or later than the limit: that takes `extend`.
    func setDate(_ day: Day) throws {
        guard let rule = kind.finishClock, matter.class.flatMap({ catalog.matterClass($0) })?.dated ?? false else {
            throw MatterRefusal.badDate(latest: nil)
        }
        let zone = catalog.platform.zone
        let latest = limit(rule).map { catalog.calendar.deadline($0, from: matter.openedAt).instant.day(in: zone) }
        guard day >= now.day(in: zone) else { throw MatterRefusal.badDate(latest: nil) }
        if let latest, day > latest { throw MatterRefusal.badDate(latest: latest) }
        try finish(by: day)
        detail["due"] = day.description
    }

    // MARK: More time, by consent

    /// The holder asks for a later day; the next one above who supervises hears of it.
    func askForTime(_ action: Action) throws {
        guard let day = input.due else { throw MatterRefusal.missing(.date) }
        guard let clock = try finishClock(), day > clock.dueAt.day(in: catalog.platform.zone) else {
            throw MatterRefusal.badDate(latest: nil)
        }
        let asked = ["due": day.description]
        let until = action.consentWithin.map { catalog.calendar.deadline($0, from: now).instant } ?? now + .days(1)
        try engine.posts.ask(Mechanism.extend.rawValue, about: matter.id.uuid, asked, post: part?.post, until: until, act: act, in: tx)
        detail.merge(asked) { $1 }
        detail["part"] = part?.id.description
        detail["above"] = part.flatMap { supervisor(above: $0.post) }?.description
    }

    func answerRequest(_ answer: Consent.Answer) throws {
        guard let request = try waitingRequest() else { throw MatterRefusal.nothingAsked }
        try engine.posts.answer(request, answer, act: act, in: tx)
        detail["due"] = request.detail["due"]
        if answer == .yes, let day = request.detail["due"].flatMap({ Day($0) }) { try finish(by: day) }
    }

    func waitingRequest() throws -> Consent? {
        try engine.posts.asked(Mechanism.extend.rawValue, about: matter.id.uuid, at: now, in: tx)
    }

    /// The nearest filled post on the same land or above it that may agree.
    private func supervisor(above post: PostID) -> PostID? {
        var path = book.posts[post]?.path
        while let here = path {
            let found = book.posts(atPath: here, at: now).first { other in
                other.id != post && book.isFilled(other, at: now) && !(catalog.role(other.role)?.reaches("supervise").isEmpty ?? true)
            }
            if let found { return found.id }
            path = here.parent
        }
        return nil
    }

    // MARK: The regular word

    /// How far it is, for everybody to read; the next word is due a period from now.
    func tellProgress() throws {
        detail["part"] = part?.id.description
        try endProgressClock()
    }

    func endProgressClock() throws {
        if let rule = kind.clock(of: .progress) { try stopClocks(named: rule.name) }
    }

    /// Runs while the class wants to hear of it and the matter is open.
    func keepProgressClock() throws {
        guard let rule = kind.clock(of: .progress) else { return }
        if matter.state == .open, limit(rule) != nil {
            if try !isRunning(rule) { try start(rule) }
        } else {
            try stopClocks(named: rule.name)
        }
    }
}
