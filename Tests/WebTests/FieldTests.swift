import Basics
import Foundation
import Store
import Support
import Testing

@testable import Web

@Suite(.serialized) struct FieldTests {
    @Test("shoot, I fix it now, after-photo: closed and yellow; taken back with one press")
    func onTheSpot() async throws {
        try await withWeb(.sqlite) { town in
            let client = try await town.signedIn()
            let page = try await client.get("/field/report?lon=113.62&lat=34.75&placed=phone&accuracy=8")
            #expect(page.status == 200)
            let fields = ["csrf", "id", "lon", "lat", "accuracy", "placed", "view"].map { ($0, page.input($0) ?? "") }
            let sent = try await client.upload(
                "/field/report", fields + [("then", "spot"), ("words", "纸箱堆在门口")],
                files: [("photo", "a.jpg", "image/jpeg", ReportTests.jpeg)])
            #expect(sent.status == 303 && sent.location.hasSuffix("/acts/fix_on_spot"))
            let spot = try await client.get(sent.location)
            #expect(spot.status == 200 && !spot.text.contains("⟦"))
            let act = spot.links.first { $0.contains("/acts/") } ?? ""
            let closed = try await client.upload(
                act, [("csrf", spot.input("csrf") ?? ""), ("act", spot.input("act") ?? "")],
                files: [("photo", "b.jpg", "image/jpeg", ReportTests.jpeg)])
            #expect(closed.status == 303)
            let done = try await client.get(closed.location)
            #expect(done.text.contains("m-yellow") && done.text.contains("撤回"))
            let back = done.links.first { $0.contains("/acts/") } ?? ""
            #expect(try await client.post(back, [("csrf", done.input("csrf") ?? ""), ("act", done.input("act") ?? "")]).status == 303)
            let today = try await client.get("/field")
            #expect(today.status == 200 && today.text.contains("/field/matters/"))
        }
    }

    @Test("a reason in place of the after-photo closes it too; the same press again is the same act")
    func withoutPhoto() async throws {
        try await withWeb(.sqlite) { town in
            let client = try await town.signedIn()
            let page = try await client.get("/field/report?lon=113.62&lat=34.75")
            let fields = ["csrf", "id", "lon", "lat", "view"].map { ($0, page.input($0) ?? "") }
            let sent = try await client.post("/field/report", fields + [("then", "spot"), ("words", "井盖松动")])
            let spot = try await client.get(sent.location)
            let act = spot.links.first { $0.contains("/acts/") } ?? ""
            let body = [("csrf", spot.input("csrf") ?? ""), ("act", spot.input("act") ?? ""), ("reason", spot.input("reason") ?? "")]
            #expect(try await client.post(act, body).status == 303)
            #expect(try await client.post(act, body).status == 303)
            let again = [("csrf", spot.input("csrf") ?? ""), ("act", UUIDv7(at: town.clock.now).description), ("reason", "privacy")]
            #expect(try await client.post(act, again).status == 409)
        }
    }

    @Test("the pages of the field show no missing sentence in either language", arguments: ["zh-Hans", "en"])
    func sentences(language: String) async throws {
        try await withWeb(.sqlite) { town in
            let client = try await town.signedIn()
            _ = try await client.get("/?lang=\(language)")
            for path in ["/field", "/field/land", "/field/done", "/field/report", "/me"] {
                let answer = try await client.get(path)
                #expect(answer.status == 200, "\(path)")
                #expect(!answer.text.contains("⟦") && !answer.text.contains("{{"), "\(path)")
            }
        }
    }
}
