import Basics
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

// @unchecked: one task at a time has each, and they are handed on only when the task before has ended.
/// One visitor at every route that is open to him, with another's things in every field that the route looks for.
///
/// The fields of a form go together first: accepted alike with another's things and with such as are not there, none of them had an effect.
/// Else the form is halved until one field is left, whose refusal must be the same for both.
final class FieldTrial: @unchecked Sendable {
    let town: Town
    let trier: RightsFields.Trier
    private let browser: WebClient
    private let forms: SoundForms
    /// The other's things as they stood.
    var before: [String]
    var tries = FieldTries()
    /// Fields that go by themselves: the last form with them was refused, or they are such always.
    var alone = always

    init(_ town: Town, _ trier: RightsFields.Trier, key: String) async throws {
        (self.town, self.trier) = (town, trier)
        browser = try await town.browser(trier.name)
        if trier.name == nil { browser.headers = [("Origin", town.house.settings.publicURL)] }
        forms = try await SoundForms(town, trier, key: key)
        before = try await trier.foreign.rows(town)
    }

    // MARK: Reading

    func reading() async throws {
        for route in WebApp.routes.all where route.reads && trier.tries(route) {
            // Without fields, or streams that do not end; PDFs take seconds each and show what the page does.
            if ["/assets/**", "/vendor/**", "/favicon.ico", "/health"].contains(route.path) { continue }
            if ["/live", ".pdf"].contains(where: route.path.hasSuffix) { continue }
            var address = try RightsMatrix.address(route.path, trier.own, town)
            if trier.opens.contains(.admin) { address = address.replacing("\(Town.post("leader"))", with: "\(Town.post("officer"))") }
            try await exhaust("GET \(route.path)", [route.path, ""]) { [browser, address] pairs in
                try await browser.get(address + (address.contains("?") ? "&" : "?") + URLEncoded.encoded(pairs))
            }
        }
        try await unchanged("reading")
    }

    // MARK: Acting

    func acting() async throws {
        for route in WebApp.routes.all where !route.reads && trier.tries(route) {
            for verb in try await forms.verbs(route) {
                var ways = [""]
                while let way = ways.popLast() {
                    let buttons = try await act(route, verb, way)
                    // Every matter's act looks for the same buttons.
                    if way.isEmpty, verb.isEmpty { ways += buttons.sorted() }
                }
            }
        }
    }

    /// - Parameter way: a button that is pressed, or another field of which the route asks only whether it is there.
    /// - Returns: such fields.
    private func act(_ route: Route, _ verb: String, _ way: String) async throws -> Set<String> {
        let what = "POST \(route.path) \(verb) \(way)"
        forms.heard(200)
        guard let first = try await forms.form(route, verb, way) else { return [] }
        let plain = try await send(first, [])
        guard plain.status != 404 || verb.isEmpty else { return [] }  // another route's verb
        tries.note(route, verb, way, isSound: plain.status < 400)
        try await exhaust(what, [route.path, verb], plain) { [self] pairs in
            guard let form = try await forms.form(route, verb, way) else { throw Unsent() }
            return try await send(form, pairs)
        }
        try await unchanged(what)
        let buttons = plain.asked.filter { $0.hasSuffix("?") }.map { String($0.dropLast()) }
        return Set(buttons.filter { RightsFields.carrying[$0] == nil && !Self.noButtons.contains($0) })
    }

    /// Asked for by the door itself, or the same whether it is there or empty.
    private static let noButtons: Set<String> = ["csrf", "jurisdiction_id"]

    private struct Unsent: Error {}

    private func send(_ form: SoundForms.Form, _ pairs: [(String, String)]) async throws -> WebClient.Answer {
        let names = Set(pairs.map(\.0))
        // A field that stands in the sound form already is replaced.
        let answer = try await browser.post(form.path, form.fields.filter { !names.contains($0.0) } + pairs)
        forms.heard(answer.status)
        return answer
    }
}
