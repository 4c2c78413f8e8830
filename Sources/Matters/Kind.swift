import Basics
import Catalog
import Posts

/// One sort of matter, as its file in `catalog/kinds` describes it: who may do what when, and which limits run.
package struct Kind: Sendable {
    package let id: String
    package let privacy: Privacy
    package let clocks: [String: ClockRule]
    /// In the order of the file.
    package let actions: [Action]
    package let shows: PublicFace

    package func action(_ id: String) -> Action? { actions.first { $0.id == id } }
    package func actions(_ does: Mechanism) -> [Action] { actions.filter { $0.does == does } }
    func clock(of sort: ClockRule.Owner) -> ClockRule? { clocks.values.first { $0.of == sort } }
    /// The rule that counts the way to the end of the matter, and the one that waits for the reporter's word after it.
    package var finishClock: ClockRule? { clocks.values.first { $0.of == .matter && !$0.closes } }
    var confirmClock: ClockRule? { clocks.values.first { $0.of == .matter && $0.closes } }

    init(_ entry: CatalogEntry) throws {
        let node = entry.node
        try node.known("extends", "for", "privacy", "place", "opened_by", "goes_to", "public", "clocks", "actions")
        id = entry.id
        privacy = try node.choice("privacy", or: .open)
        shows = try PublicFace(node["public"])
        var clocks: [String: ClockRule] = [:]
        for entry in try node.map("clocks") { clocks[entry.key] = try ClockRule(entry.key, entry.value) }
        self.clocks = clocks
        actions = try node.map("actions").map { try Action($0.key, $0.value, clocks: Set(clocks.keys)) }
    }
}

/// What strangers see of a matter of this kind.
package struct PublicFace: Sendable {
    /// Never, once opened, or once closed.
    package enum Shown: String, CaseIterable, Sendable { case never, opened, closed }
    package let shown: Shown
    package let words: Bool
    package let photo: Bool

    init(_ node: CatalogNode?) throws {
        try node?.known("shown", "words", "photo", "place")
        shown = try node?.choice("shown", or: .never) ?? .never
        words = try node?.bool("words") ?? false
        photo = try node?.bool("photo") ?? false
    }
}

/// A named limit.
package struct ClockRule: Sendable {
    /// What it runs on. `dispute` is a part given by an action that names this clock, `progress` the regular word on a long matter.
    package enum Owner: String, CaseIterable, Sendable { case matter, part, ask, dispute, report, progress }
    package enum Source: Sendable, Equatable {
        case fixed(Limit)
        /// The category's (or its class's) limit to accept or to finish.
        case categoryAccept, categoryFinish
        /// How often a matter of its class must be told of.
        case classReport
    }

    package let name: String
    package let of: Owner
    package let limit: Source
    package let pauses: Bool
    /// Remind when this share of the limit is left.
    package let remind: Double?
    package let escalates: Bool
    /// Running out closes the matter.
    package let closes: Bool
    package let law: String?

    init(_ name: String, _ node: CatalogNode) throws {
        try node.known("of", "limit", "time", "from", "to", "pause_while", "remind", "escalate", "closes", "law", "why")
        self.name = name
        of = try node.choice("of")
        let time: Limit.Time? = try node.optional("time") { try $0.asChoice() }
        switch try node.text("limit") {
        case "category.accept": limit = .categoryAccept
        case "category.finish": limit = .categoryFinish
        case "class.report_every": limit = .classReport
        default: limit = .fixed(try node.limit("limit", time: time))
        }
        pauses = node["pause_while"] != nil
        remind = try node.optional("remind") { try $0.asNumber() }
        escalates = try node.bool("escalate")
        closes = try node.bool("closes")
        law = try node.optionalText("law")
    }
}

/// What an action does; the engine has one function for each.
package enum Mechanism: String, CaseIterable, Sendable {
    case take
    case handOn = "hand_on"
    case ask, answer
    case returnPart = "return"
    case finish, close
    case takeBack = "take_back"
    case recall
    case reopen, classify, question, reply, merge, unmerge, supervise, unsupervise
    case setMilestones = "set_milestones"
    case reachMilestone = "reach_milestone"
    case progress, extend, grant, deny
    case note
    case rateAnswer = "rate_answer"
    case rateAsk = "rate_ask"
    case confirm, rate, withdraw

    /// Steps among those who work on it, which neither reporters nor strangers see.
    package var isInside: Bool {
        switch self {
        case .note, .classify, .rateAnswer, .rateAsk, .unsupervise, .extend, .deny: true
        default: false
        }
    }
}

/// A verb of a kind.
package struct Action: Sendable {
    /// Who may: whoever answers for an open part (`holder`), for a part of an ask (`asked`), for the post that asked (`asker`); who
    /// finished it (`closer`); the reporter; whoever directs or supervises on the land.
    package enum By: String, CaseIterable, Sendable { case holder, asked, asker, closer, reporter, director, supervisor }
    package enum Need: String, CaseIterable, Sendable { case reason, words, other, rating, milestones, date }
    package enum To: String, CaseIterable, Sendable { case above, chosen, border, common }
    package enum Hears: String, CaseIterable, Sendable { case reporter, holder, asker, asked }

    package let id: String
    package let does: Mechanism
    package let by: [By]
    package let needs: [Need]
    package let to: To
    package let spot: Bool
    package let answer: Bool
    package let clock: String?
    package let within: Limit?
    package let tells: [Hears]
    package let outcomes: [String]
    /// Reasons offered in one tap, in place of words.
    package let reasons: [String]
    package let photo: PhotoWish?
    /// How long a request for a second person's yes waits; who may give it, the action of `does: grant` says.
    package let consentWithin: Limit?

    /// A photo that is asked for and never required: without it one tap gives the reason.
    package struct PhotoWish: Sendable {
        package let role: Photo.Role
        package let reasons: [String]
    }

    init(_ id: String, _ node: CatalogNode, clocks: Set<String>) throws {
        try node.known(
            "does", "by", "needs", "to", "spot", "answer", "clock", "within", "tells", "outcomes", "reasons", "photo", "consent", "why")
        self.id = id
        does = try node.choice("does")
        by = try node.list("by").map { try $0.asChoice() }
        needs = try node.list("needs").map { try $0.asChoice() }
        to = try node.choice("to", or: .above)
        spot = try node.bool("spot")
        answer = try node.bool("answer", or: true)
        clock = try node.optionalText("clock")
        within = try node.optionalLimit("within")
        tells = try node.list("tells").map { try $0.asChoice() }
        outcomes = try node.texts("outcomes")
        reasons = try node.texts("reasons")
        photo = try node["photo"].map { wish in
            try wish.known("role", "reasons")
            return PhotoWish(role: try wish.choice("role", or: .after), reasons: try wish.texts("reasons"))
        }
        consentWithin = try node.optional("consent") { consent in
            try consent.known("within", "why")
            return try consent.limit("within")
        }
        if let clock, !clocks.contains(clock), let at = node["clock"] {
            throw at.problem(
                .wrongValue, ["found": clock, "nearest": clocks.sorted().first ?? "", "known": clocks.sorted().joined(separator: ", ")])
        }
    }

    /// Key of its name in strings.
    package var nameKey: String { "action." + id }
}
