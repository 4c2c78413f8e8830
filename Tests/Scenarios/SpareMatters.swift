import Basics
import Catalog
import Geo
import Matters
import Posts
import Store
import Testing

@testable import weiwang

/// Matters for a visitor's acts: one that an act has used up is replaced by another on which he may do it too.
final class SpareMatters {
    struct Spare {
        let matter: MatterID
        let token: String
        let report: ReportID
        var fields: [(String, String)] = []
    }

    /// What happened before the visitor comes: who, and what he did; `me` is the visitor.
    private typealias Story = [(who: String, verb: String)]

    private let town: Town
    private let trier: RightsFields.Trier
    private let category: String
    private var actors: [String: Actor] = [:]
    private var stories: [String: Story] = [:]
    private var spares: [String: Spare] = [:]
    /// The last one may have been used up.
    var isUsed = false

    init(_ town: Town, _ trier: RightsFields.Trier) async throws {
        (self.town, self.trier) = (town, trier)
        category = try #require(town.engines.catalog.current.categories.first { $0.department == "sanitation" }?.id)
        for name in ["林小满", "周禾", "何雨", "柳青", "江帆", "鲁捷"] { actors[name] = try await town.actor(name) }
    }

    /// A matter on which the visitor may do this now; nil when no story leads to one.
    func open(for verb: String) async throws -> Spare? {
        if stories.isEmpty { try await tellAll() }
        // A refusal has changed nothing.
        if let spare = spares[verb], !isUsed { return spare }
        if let spare = spares[verb], try await actions(spare).contains(verb) { return spare }
        guard let story = stories[verb] else { return nil }
        spares[verb] = try await fresh(verb, story)
        return spares[verb]
    }

    /// Which acts are open after which story.
    private func tellAll() async throws {
        for story in Self.told(trier.name) {
            let spare: Spare
            // A story that cannot happen to this visitor.
            do { spare = try await fresh("", story) } catch is MatterRefusal { continue }
            for verb in try await actions(spare) where stories[verb] == nil {
                if let first = Self.after[verb], !story.contains(where: { $0.verb == first }) { continue }
                stories[verb] = story
            }
        }
    }

    /// Open at any time, but without something that was done before there is nothing to do.
    private static let after = ["reach_milestone": "set_milestones", "unmerge": "merge"]

    private static func told(_ name: String?) -> [Story] {
        let up: Story = [("林小满", "report_up"), ("周禾", "report_up")]
        let whistled = up + [("何雨", "accept"), ("何雨", "whistle")]
        let done: Story = [("林小满", "accept"), ("林小满", "finish")]
        switch name {
        case nil: return [[], done, done + [("reporter", "confirm")], [("林小满", "accept"), ("林小满", "ask_reporter")]]
        case "鲁捷": return [whistled, whistled + [("鲁捷", "sign_in")], whistled + [("鲁捷", "sign_in"), ("鲁捷", "answer")]]
        case let name?:
            let base: Story = ["何雨": up, "江帆": [("柳青", "report_up")]][name] ?? []
            let mine: Story = base + [(name, "accept")]
            return [base, mine]
                + ["finish", "whistle", "supervise", "close", "merge", "set_milestones", "report_up"].map { mine + [(name, $0)] }
                + [mine + [(name, "whistle"), ("鲁捷", "sign_in"), ("鲁捷", "answer")]]
                + [
                    [("柳青", "accept"), ("柳青", "extend")], mine + [(name, "classify")],
                    mine + [(name, "classify"), (name, "set_milestones")],
                ]
        }
    }

    private func fresh(_ verb: String, _ story: Story) async throws -> Spare {
        let (engine, posts, now, id) = (town.engines.matters, town.engines.posts, town.clock.time.now, ReportID(at: .systemNow))
        var report = NewReport(
            id: id, number: try await engine.nextNumber(at: now, from: town.engines.database), channel: "portal", queryCode: "123456")
        report.words = "又一件"
        report.point = trier.own.isNear ? Town.micro : Town.otherSubdistrict
        report.category = category
        let (new, actors, other) = (report, actors, trier.own.id)
        let inputs = Dictionary(story.map { ($0.verb, input($0.verb, other)) }) { first, _ in first }
        var spare = try await town.engines.database.write { tx in
            let matter = try engine.open(new, act: Act(id: id.uuid.derived("open"), at: now, actor: .stranger), in: tx).matter
            let verbs = try engine.kind(of: matter, in: tx).actions.filter { $0.by.contains(.reporter) }.map(\.id)
            let pass = try posts.reporterPass(report: id.uuid, verbs: Set(verbs), at: now, in: tx)
            for (index, step) in story.enumerated() {
                guard let actor = step.who == "reporter" ? pass.pass.actor : actors[step.who] else { throw MatterRefusal.notYours }
                let act = Act(id: id.uuid.derived("step \(index)"), at: now, actor: actor)
                try engine.perform(step.verb, on: matter.id, input: inputs[step.verb] ?? ActInput(), act: act, in: tx)
            }
            return Spare(matter: matter.id, token: pass.token, report: id)
        }
        spare.fields = try await fields(verb, spare)
        return spare
    }

    private func input(_ verb: String, _ other: MatterID) -> ActInput {
        var input = ActInput()
        (input.words, input.reason, input.due, input.rating) = ("试", "试", Day("2026-12-01"), 5)
        if verb == "whistle" { input.units = [Town.unit("sanitation")] }
        if verb == "merge" { input.other = other }
        if verb == "classify" { input.class = "long_term" }
        if verb == "close" { input.outcome = "not_ours" }
        if verb == "set_milestones", let day = Day("2026-12-01") { input.milestones = [("一", day)] }
        return input
    }

    /// What the act's own form would carry.
    private func fields(_ verb: String, _ spare: Spare) async throws -> [(String, String)] {
        var fields = [("words", "试"), ("reason", "试"), ("rating", "3"), ("outcome", "not_ours")]
        fields += [("milestone_name", "一"), ("milestone_day", "2026-12-01")]
        if verb == "whistle" { fields.append(("units", Town.unit("sanitation").description)) }
        if verb == "dispatch" { fields.append(("posts", Town.post(trier.own.isNear ? "leader" : "officer3").description)) }
        if verb == "merge" { fields.append(("other", trier.own.id.description)) }
        if verb == "classify" { fields.append(("category", category)) }
        if verb == "extend" { fields.append(("due", "2026-12-01")) }
        if verb == "reach_milestone" {
            let found = try await town.engines.database.read { tx in
                try tx.first("SELECT id FROM milestone WHERE matter_id = \(spare.matter)") { try $0["id"] as MilestoneID }
            }
            if let found { fields.append(("milestone", found.description)) }
        }
        return fields
    }

    private func actions(_ spare: Spare) async throws -> Set<String> {
        let (engine, posts, now, name) = (town.engines.matters, town.engines.posts, town.clock.time.now, trier.name)
        let known = name.flatMap { actors[$0] }
        return try await town.engines.database.read { tx in
            guard let actor = try known ?? posts.pass(spare.token, at: now, in: tx)?.actor else { return [] }
            return Set(try engine.view(spare.matter, for: actor, at: now, in: tx)?.actions.map(\.id) ?? [])
        }
    }
}
