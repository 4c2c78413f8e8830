import Basics
import Foundation
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

/// Every name that a page or a program may send × what of another subdistrict it could name. A name that is not in one of the two lists
/// fails, as does a POST without a sound form: so a new field is thought of before it is out.
@Suite struct RightsFields {
    /// What a field may carry.
    enum Sort: String, CaseIterable, Sendable {
        case matter, number, did, part, milestone, report, call, act, device, holding, person, post, unit, grid, code, path, record, remit
        case list, address, steps, file, client

        /// Whether there is such a thing is nobody's business who has no part in it: the answer is the one for a thing that is not there.
        var isSecret: Bool {
            switch self {
            case .matter, .number, .did, .part, .milestone, .report, .call, .act, .device, .file, .client: true
            // Land, posts, units and the names of staff are public within the house.
            case .holding, .person, .post, .unit, .grid, .code, .path, .record, .remit, .list, .address, .steps: false
            }
        }
    }

    /// Names that carry an id, in forms, in addresses and in the bodies of programs.
    static let carrying: [String: [Sort]] = [
        "account_id": [.client], "act": [.act], "address_id": [.record], "at": [.record], "back": [.list], "call": [.call, .report],
        "desk": [.post], "device": [.device], "device_id": [.device], "did": [.did], "file": [.file], "find_grid": [.code],
        "grid": [.grid, .code], "holding": [.holding], "id": [.report, .call], "join": [.matter], "list": [.list], "m": [.matter],
        "milestone": [.milestone], "moved": [.post], "next": [.address], "number": [.number], "open": [.matter], "other": [.matter],
        "parent": [.unit, .code], "part": [.part], "path": [.path], "person": [.person], "post": [.post], "posts": [.post],
        "q": [.number], "remit": [.remit], "service_request_id": [.number], "steps": [.steps], "successor": [.post, .unit],
        "under": [.grid, .code], "unit": [.unit], "units": [.unit], "update_id": [.act], "view": [.list], "who": [.person],
        "was_find_grid": [.code],
    ]

    /// Names that carry none: words, numbers, days, choices, buttons.
    static let plain: Set<String> = Set(
        """
        accept accuracy acting add_account add_person add_post add_remit add_unit address_string api_key around awaited before
        begin_holding button categories category channel class closed_before closed_from closed_to code confirmed coordinates count csrf
        description drop due email encoding end_date end_post end_unit find first_name from goes hand jurisdiction_id land lang language
        last_name lat level lon long look marks measure media_url milestone_day milestone_name move move_unit name named nature net new
        newest no on opened_before opened_from opened_to order other_category outcome outcomes own page page_size password phone photo pin
        place placed production question radius rating realtime reason rename_person rename_post rename_unit replace revision role
        service_code send set side slot sort spot start_date state status subject tab take tap tap.x tap.y theme then to trust type until
        urgency verb version was_category was_class was_place was_urgency words yes
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// Strings in the same places of the source that name no field: what is written out, and headers.
    static let noFields: Set<String> = ["cookie", "date", "event", "header", "integer", "route", "string", "account"]

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static func files(_ folder: String, _ end: String) throws -> [(path: String, text: String)] {
        let names = FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(end) }.sorted().map {
            ("\(folder)/\($0)", try String(contentsOfFile: "\(root)/\(folder)/\($0)", encoding: .utf8))
        }
    }

    /// The names that Web reads.
    private static func names() throws -> Set<String> {
        let reads = #/(?:form|fields|query|ask|typed|given)\["([a-z_.]+)"\]/#
        let calls =
            #/(?:\.all|\.has|query|queries|value|number|files|[dD]ay|Moment|count|start|end|text|changed|choice|instant)\("([a-z_.]+)"/#
        var found: Set<String> = []
        for file in try files("Sources/Web", ".swift") {
            for line in file.text.split(separator: "\n") where line.contains("(\"") || line.contains("[\"") {
                found.formUnion(line.matches(of: reads).map { String($0.1) })
                found.formUnion(line.matches(of: calls).map { String($0.1) })
            }
            // Lists of names that are read in a loop.
            guard file.path.hasSuffix("DeskList.swift") else { continue }
            found.formUnion(file.text.matches(of: #/"([a-z_]+)"/#).map { String($0.1) }.filter { carrying[$0] != nil })
        }
        return found
    }

    @Test("every name of a field says whether it carries an id; a name without a row fails")
    func everyName() throws {
        var found = try Self.names()
        for file in try Self.files("templates", ".mustache") {
            for tag in file.text.matches(of: #/<(?:input|select|textarea|button)[^>]*?\bname="([a-z_.]+)"/#) { found.insert(String(tag.1)) }
        }
        #expect(Set(Self.carrying.keys).isDisjoint(with: Self.plain))
        let known = Set(Self.carrying.keys).union(Self.plain).union(Self.noFields)
        #expect(found.subtracting(known).isEmpty, "no row says what these carry")
        #expect(known.subtracting(found).isEmpty, "rows of fields that are no more")
    }

    /// Where Web makes an id of a text it is a field of the list, or stands here with where the text is from.
    private static let otherTexts: Set<String> = [
        "Sources/Web/Admin/JournalLines.swift", "Sources/Web/Desk/StepsView.swift", "Sources/Web/Live/Feed.swift",
        "Sources/Web/Portal/LinkSteps.swift",  // the journal's own detail
        "Sources/Web/Pages/Call.swift",  // the path
        "Sources/Web/API/Open311Posting.swift",  // a program's own id, derived by who sends it
        "Sources/Web/API/MattersAPI.swift", "Sources/Web/Admin/NetDoor.swift",  // `grid`, handed on
        "Sources/Web/Desk/DeskPage.swift",  // `did`
        "Sources/Web/Desk/Many.swift",  // `m`
    ]

    @Test("where an id is read out of a text, its field is one of those that carry ids")
    func everyReading() throws {
        for file in try Self.files("Sources/Web", ".swift") where !Self.otherTexts.contains(file.path) {
            for line in file.text.split(separator: "\n") where line.contains("ID(") || line.contains("UUIDv7(") {
                for match in line.matches(of: #/\b(?:[A-Z]\w*ID|UUIDv7)\(((?:form|call|value|fields|query|\$0|text|picked)[^)]*\)?)/#) {
                    let names = line.matches(of: #/"([a-z_.]+)"/#).map { String($0.1) }
                    let isNamed = names.contains { Self.carrying[$0] != nil }
                    let isDerived = match.1.contains("derived") || line.contains("picked") || line.contains("matters.map")
                    #expect(isNamed || isDerived, "\(file.path): \(line)")
                }
            }
        }
    }
}

extension RightsFields {
    /// The words after `case` in the switches over what a form asks: read from the source, so that none is forgotten.
    static func adminVerbs(_ room: String) throws -> [String] {
        let lines = try files("Sources/Web", ".swift").filter { $0.path.hasPrefix("Sources/Web/" + room) }
            .flatMap { $0.text.split(separator: "\n") }.filter { $0.contains(#/case "/#) }
        let found = lines.flatMap { $0.matches(of: #/"([a-z_]+)"/#).map { String($0.1) } }
        return Array(Set(found)).sorted()
    }
}
