import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What everybody meets first: assets, signing in and out, one's own settings.
enum Entry {
    static func declare(_ routes: inout Routes) {
        routes.route(.get, Paths.assets, needs: .anyone) { call in
            try call.house.assets.answer(String(call.request.uri.path.dropFirst("/assets/".count)), call.request)
        }
        routes.route(.get, Paths.vendor, needs: .anyone) { call in
            try call.house.vendor.answer(String(call.request.uri.path.dropFirst("/vendor/".count)), call.request)
        }
        routes.route(.get, Paths.favicon, needs: .anyone) { call in
            try call.house.assets.answer("\(call.house.assets.version)/icons/favicon.svg", call.request)
        }
        routes.route(.get, Paths.signIn, needs: .anyone, SignInPage.show)
        routes.route(.post, Paths.signIn, needs: .anyone, SignInPage.enter)
        routes.route(.get, Paths.signInCode, needs: .anyone, SecondStepPage.code)
        routes.route(.post, Paths.signInCode, needs: .anyone, SecondStepPage.confirmCode)
        routes.route(.get, Paths.signInApp, needs: .anyone, SecondStepPage.app)
        routes.route(.post, Paths.signInApp, needs: .anyone, SecondStepPage.confirmApp)
        routes.route(.post, Paths.signOut, needs: .account, SignInPage.leave)
        routes.route(.get, Paths.me, needs: .account, MePage.show)
        routes.route(.post, Paths.me, needs: .account, MePage.change)
        routes.route(.post, Paths.myAccount, needs: .account, MyAccount.act)
    }
}
