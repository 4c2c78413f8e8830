import Basics
import Catalog
import Geo
import Grids

/// A net as the map draws it: the grids of two levels inside one, the neighbours of the upper of them, and what is not sound.
struct NetAnswer {
    let call: Call
    let draft: LandDraft
    let plan: LandPlan?
    let revision: String

    init(_ call: Call, _ draft: LandDraft, plan: LandPlan? = nil, revision: String) {
        self.call = call
        self.draft = draft
        self.plan = plan
        self.revision = revision
    }

    var text: String {
        var out = "{\"revision\":\(Tree.text(revision).json),\"day\":\"\(draft.day.day)\","
        out += "\"net\":\(collection(grids)),\"findings\":\(collection(findings))"
        if let plan { out += "," + told(plan).dropFirst().dropLast() }
        return out + "}"
    }

    /// Inside the scope by how far down, 1 and 2; beside it 0; what is not shown nil.
    private func depth(of item: LandDraft.Item) -> Int? {
        var (above, depth) = (item, 1)
        while above.parent != draft.scope.id {
            guard let next = draft[above.parent], next.id != above.id else {
                let upper = draft.levels.first { $0.rank > draft.scope.rank }?.rank
                return item.rank == upper && item.id != draft.scope.id ? 0 : nil
            }
            above = next
            depth += 1
        }
        return depth <= 2 ? depth : nil
    }

    private var grids: [String] {
        let states = Dictionary((plan?.changes ?? []).map { ($0.id, $0.change.rawValue) }) { first, _ in first }
        let tints = draft.day.tints
        let places = Dictionary(draft.day.refs.enumerated().map { ($1.id, $0) }) { first, _ in first }
        return zip(draft.items, draft.shapes).compactMap { item, shape in
            guard !item.isOver, !shape.isEmpty, let depth = depth(of: item) else { return nil }
            var members: [(String, Tree)] = [
                ("id", .text(item.id.description)), ("code", .text(item.code)), ("name", .text(item.name)),
                ("level", .text(call.say("level.\(item.level)"))), ("depth", .number(Double(depth))),
                ("parent", .text(item.parent.description)),
                ("tint", .number(Double(places[item.id].map { tints[$0] } ?? item.code.utf8.reduce(0) { $0 + Int($1) } % 7))),
                ("state", .text(states[item.id] ?? "same")), ("holds", .flag(!draft.children(of: item.id).isEmpty)),
                ("area", .text(AdminGridPage.area(shape.area, call))),
            ]
            if let nature = item.nature { members.append(("nature", .text(call.say("nature.\(nature)")))) }
            if let label = shape.labelPoint { members += [("lon", .number(label.lon)), ("lat", .number(label.lat))] }
            return feature(item.id.description, .object(members), shape)
        }
    }

    private var findings: [String] {
        (plan?.findings ?? []).map { finding in
            let members: [(String, Tree)] = [
                ("words", .text(finding.words(call.house.catalog.strings, call.language))), ("open", .flag(finding.refuses)),
                ("state", .text(finding.refuses ? nil : call.say("net.was_so"))), ("lon", .number(finding.place?.lon)),
                ("lat", .number(finding.place?.lat)),
            ]
            return feature(finding.id, .object(members), finding.outline)
        }
    }

    /// What changes, and whether it can be carried out.
    private func told(_ plan: LandPlan) -> String {
        let open = plan.findings.count(where: \.refuses)
        let changes = plan.changes.map { id, change -> Tree in
            let item = draft[id]
            return .object([
                ("id", .text(id.description)), ("change", .text(change.rawValue)), ("name", .text(item?.name)), ("code", .text(item?.code)),
                ("level", .text(item.map { call.say("level.\($0.level)") })), ("word", .text(call.say("net.change.\(change.rawValue)"))),
            ])
        }
        return Tree.object([
            ("changes", .list(item: "change", changes)), ("changed", .flag(!plan.changesNothing)), ("sound", .flag(open == 0)),
            ("soundness", .text(open == 0 ? call.say("net.sound") : call.say("net.unsound", ["count": "\(open)"]))),
        ]).json
    }

    private func collection(_ features: [String]) -> String {
        "{\"type\":\"FeatureCollection\",\"features\":[\(features.joined(separator: ",\n"))]}"
    }

    private func feature(_ id: String, _ properties: Tree, _ shape: MultiPolygon) -> String {
        "{\"type\":\"Feature\",\"id\":\(Tree.text(id).json),\"properties\":\(properties.json),\"geometry\":\(shape.isEmpty ? "null" : GeoJSON.text(of: shape))}"
    }
}
