import Basics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// A form sent after its session had ended: nothing is done, and the sign-in leads back to the form with what was typed.
enum SignedOut {
    /// What a form carries for itself, and what narrows the list beside it.
    private static let own: Set<String> = ["csrf", "act", "list", "find"]
    /// Longer words are shown instead, to be copied: an address has its limits.
    private static let longest = 6000

    static func answer(_ route: Route, _ call: Call) async throws -> Response {
        let refusal = PlainRefusal("web.signed_out", sort: .forbidden)
        // Photos are read over and not kept.
        var limits = route.limits
        limits.file = 0
        guard WebApp.routes.all.contains(where: { $0.method == .get && $0.path == route.path && $0.need == route.need }),
            let form = try? await FormReader(scratch: call.house.scratch, limits: limits).read(call.request),
            (try? SameOrigin.check(call.request, reader: call.reader, form: form, publicURL: call.house.settings.publicURL)) != nil
        else { throw refusal }
        for file in form.files { try? FileManager.default.removeItem(atPath: file.path) }
        let typed = form.fields.sorted { $0.key < $1.key }.filter { !own.contains($0.key) && !$0.key.hasPrefix("was_") }.flatMap {
            name, values in
            values.filter { !$0.isEmpty }.map { (AskedAct.prefix + name, $0) }
        }
        let query = [form["list"], URLEncoded.encoded(typed)].filter { !$0.isEmpty }.joined(separator: "&")
        let fits = query.utf8.count <= longest
        let path = call.request.uri.path
        return try await SignInPage.page(
            call, next: fits && !query.isEmpty ? path + "?" + query : path, name: "", refused: refusal, kept: fits ? nil : form["words"])
    }
}
