import Basics
import Grids
import Posts
import Store
import Support
import Testing

@testable import weiwang

@Suite struct B3_Posts {
    private static func path(_ post: PostID, _ act: String? = nil) -> String { "/admin/posts/\(post)" + (act.map { "/acts/\($0)" } ?? "") }

    private static func send(
        _ browser: WebClient, from page: String, to path: String, _ fields: [(String, String)]
    ) async throws -> WebClient.Answer {
        let form = try await browser.get(page)
        return try await browser.post(path, [("csrf", form.input("csrf") ?? ""), ("act", form.input("act") ?? "")] + fields)
    }

    private static func book(_ town: Town) async throws -> PostBook {
        let posts = town.engines.posts
        return try await town.engines.database.read { try posts.book(in: $0) }
    }

    @Test(
        "who holds which post from when to when: begun, a second refused with what was typed, acting beside, ended, kept as history",
        arguments: Backend.all)
    func holdings(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let admin = try await town.browser("安平")
            let vacant = Town.post("vacant")
            let page = try await admin.get(Self.path(vacant) + "?lang=zh-Hans")
            #expect(page.text.contains("空缺") && page.text.contains("暂由“worker”负责"))
            // Two weeks and other usual lengths are offered, not typed; a vacant seat is for a regular holder.
            let fortnight = (town.clock.time.now.day(in: town.engines.posts.zone) + 14).description
            #expect(page.text.contains("<option value=\"\(fortnight)\" label=\"2 周\">"))
            #expect(page.text.contains("<option value=\"regular\" selected>"))
            let fields = [("csrf", page.input("csrf") ?? ""), ("act", page.input("act") ?? ""), ("name", "叶知秋"), ("phone", "13800000001")]
            #expect(try await admin.post(Self.path(vacant, "begin_holding"), fields).status == 303)
            // Pressed twice it is one act: one person, one holding.
            #expect(try await admin.post(Self.path(vacant, "begin_holding"), fields).status == 303)
            let persons = try await town.engines.database.read { try $0.count("SELECT COUNT(*) FROM person WHERE name = \("叶知秋")") }
            #expect(persons == 1)
            #expect(try await Self.book(town).holders(of: vacant, at: town.clock.time.now).count == 1)

            town.clock.advance(.hours(1))
            let second = try await Self.send(
                admin, from: Self.path(vacant), to: Self.path(vacant, "begin_holding"), [("name", "陆以宁"), ("phone", "13800000002")])
            #expect(second.status == 409 && second.text.contains("该岗位已有任职人") && second.text.contains("value=\"陆以宁\""))
            // Refused as a whole: nobody was added on the way.
            #expect(try await town.engines.database.read { try !$0.exists("SELECT 1 FROM person WHERE name = \("陆以宁")") })
            let found = try await admin.get(Self.path(vacant) + "?q=%E5%91%A8")
            #expect(found.text.contains("<option value=\"acting\" selected>"))
            #expect(found.text.contains("value=\"\(Town.person("周禾"))\""))
            let acting = try await Self.send(
                admin, from: Self.path(vacant), to: Self.path(vacant, "begin_holding"),
                [("person", Town.person("周禾").description), ("sort", "acting")])
            #expect(acting.status == 303)
            #expect(try await admin.open(acting.location).text.contains("代理"))

            town.clock.advance(.hours(1))
            let holders = try await Self.book(town).holders(of: vacant, at: town.clock.time.now)
            for holding in holders {
                let ended = try await Self.send(
                    admin, from: Self.path(vacant), to: Self.path(vacant, "end_holding"), [("holding", holding.id.description)])
                #expect(ended.status == 303)
            }
            town.clock.advance(.minutes(1))
            let after = try await admin.get(Self.path(vacant))
            #expect(after.text.contains("历任") && after.text.contains("叶知秋") && after.text.contains("空缺"))
            #expect(try await admin.get("/admin/people/\(Town.person("周禾"))").text.contains("代理"))
        }
    }

    @Test("a post is made where its role fits, renamed, ended with a successor; nobody gives himself one", arguments: Backend.all)
    func posts(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let admin = try await town.browser("安平")
            let grid = try town.grid("1.1.2.1")
            let page = "/admin/grids/\(grid.id)"
            #expect(try await admin.get(page + "?lang=zh-Hans").text.contains("<svg"))
            let wrong = try await Self.send(
                admin, from: page, to: page + "/acts/add_post", [("role", "community_officer"), ("name", "错位")])
            #expect(wrong.status == 422 && wrong.text.contains("value=\"错位\""))
            let added = try await Self.send(admin, from: page, to: page + "/acts/add_post", [("role", "micro_leader")])
            #expect(added.status == 303)
            let id = try #require(PostID(String(added.location.dropFirst("/admin/posts/".count).prefix { $0 != "?" })))
            #expect(try await Self.book(town).posts[id]?.name.contains(grid.name) == true)
            let renamed = try await Self.send(admin, from: Self.path(id), to: Self.path(id, "rename_post"), [("name", "东片微网格长")])
            #expect(renamed.status == 303)
            let empty = try await Self.send(admin, from: Self.path(id), to: Self.path(id, "rename_post"), [("name", " ")])
            #expect(empty.status == 422 && empty.text.contains("请填写名称"))

            let mine = try await Self.send(
                admin, from: Self.path(id), to: Self.path(id, "begin_holding"), [("person", Town.person("安平").description)])
            #expect(mine.status == 403 && mine.text.contains("不能给自己授予岗位"))

            let day = (town.clock.time.now.day(in: town.engines.posts.zone) + 1).description
            let ended = try await Self.send(
                admin, from: Self.path(id), to: Self.path(id, "end_post"), [("on", day), ("successor", Town.post("leader").description)])
            #expect(ended.status == 303)
            #expect(try await admin.open(ended.location).text.contains("起撤销"))
            let follows = try await town.engines.database.read {
                try $0.exists("SELECT 1 FROM succession WHERE old_id = \(id) AND new_id = \(Town.post("leader"))")
            }
            #expect(follows)
        }
    }

    @Test("units are added, renamed, moved and ended; a remit stands in the duty list and routes from its day", arguments: Backend.all)
    func units(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let admin = try await town.browser("安平")
            let land = try town.grid("1")
            let added = try await Self.send(
                admin, from: "/admin/units?lang=zh-Hans", to: "/admin/units",
                [("name", "燃气服务站"), ("class", "department"), ("grid", land.id.description), ("parent", Town.unit("water").description)])
            #expect(added.status == 303)
            let page = String(added.location.prefix { $0 != "?" })
            let id = try #require(UnitID(String(page.dropFirst("/admin/units/".count))))
            #expect(try await admin.get("/admin/units").text.contains("燃气服务站"))
            let loop = try await Self.send(
                admin, from: page, to: "/admin/units/\(Town.unit("water"))/acts/move_unit", [("parent", id.description)])
            #expect(loop.status == 422 && loop.text.contains("单位不能放到自己的下级之下"))
            #expect(try await Self.send(admin, from: page, to: page + "/acts/move_unit", [("parent", "")]).status == 303)
            #expect(try await Self.send(admin, from: page, to: page + "/acts/rename_unit", [("name", "燃气站")]).status == 303)
            let post = try await Self.send(admin, from: page, to: page + "/acts/add_post", [("role", "department_clerk")])
            #expect(post.status == 303)

            let remit = try await Self.send(
                admin, from: page, to: page + "/acts/add_remit", [("subject", "gas"), ("grid", land.id.description)])
            #expect(remit.status == 303)
            let duty = try await admin.get("/admin/grids/\(land.id)")
            #expect(duty.text.contains("燃气站") && duty.text.contains("职责清单"))
            let book = try await Self.book(town)
            #expect(book.responsible(for: ["gas"], at: try town.grid("1.1.1.1").path, on: town.clock.time.now)?.unit == id)
            let unknown = try await Self.send(
                admin, from: page, to: page + "/acts/add_remit", [("subject", "nonsense"), ("grid", land.id.description)])
            #expect(unknown.status == 422)

            let full = try await Self.send(admin, from: page, to: page + "/acts/end_unit", [])
            #expect(full.status == 409 && full.text.contains("1 个岗位"))
        }
    }

    @Test("accounts belong to the security officer: made with a password shown once, reset, disabled", arguments: Backend.all)
    func accounts(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let (posts, now) = (town.engines.posts, town.clock.time.now)
            let keeper = Person(id: Town.person("卫青"), name: "卫青")
            let new = Person(id: Town.person("新人"), name: "新人")
            try await town.engines.database.write { tx in
                func act(_ label: String) -> Act { .system("test", id: Town.id(label), at: now - .hours(1)) }
                try posts.addUser(
                    NewUser(person: keeper, accountName: "卫青", passwordRecord: "scrypt$1$1$1$AAAA$AAAA", role: "security"),
                    act: act("keeper"), in: tx)
                try posts.addPerson(new, act: act("new person"), in: tx)
            }
            let page = "/admin/people/\(new.id)"
            let admin = try await town.browser("安平")
            let none = try await admin.get(page + "?lang=zh-Hans")
            #expect(none.text.contains("账号由安全管理员开通") && !none.text.contains("acts/add_account"))
            #expect(try await Self.send(admin, from: page, to: page + "/acts/add_account", [("account", "xinren")]).status == 403)

            let security = try await town.browser("卫青")
            #expect(try await security.open("/admin?lang=zh-Hans").text.contains("人员"))
            #expect(try await security.get("/admin/units").status == 403)
            func password(_ answer: WebClient.Answer) -> String? {
                answer.text.firstMatch(of: #/<code>([a-z0-9]{14})</code>/#).map { String($0.1) }
            }
            let made = try await Self.send(security, from: page, to: page + "/acts/add_account", [("account", "xinren")])
            let first = try #require(password(made))
            #expect(made.status == 200)
            #expect(password(try await security.get(page)) == nil)
            func signIn(_ password: String) async throws -> Int {
                let browser = try await town.browser()
                let form = try await browser.get("/sign-in")
                return try await browser.post("/sign-in", [("csrf", form.input("csrf") ?? ""), ("name", "xinren"), ("password", password)])
                    .status
            }
            #expect(try await signIn(first) == 303)
            let again = try await Self.send(security, from: page, to: page + "/acts/reset_password", [])
            let second = try #require(password(again))
            #expect(try await signIn(second) == 303)
            #expect(try await Self.send(security, from: page, to: page + "/acts/disable_account", []).status == 303)
            #expect(try await signIn(second) != 303)
        }
    }
}
