using CarbonMarket.Identity.Participants;
using CarbonMarket.Testing;
using static CarbonMarket.Identity.Participants.ParticipantCommand;
using static CarbonMarket.Identity.Participants.ParticipantEvent;

namespace CarbonMarket.Identity.Tests.Participants;

public sealed class ParticipantSpecs
{
    private static readonly Guid Works = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly DateTimeOffset Noon = new(2021, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ApiClient Desk = new(Guid.Parse("00000000-0000-0000-0000-000000000002"), "desk", "Trading desk", ["emitter", "trader"]);

    private static readonly Spec<Participant?, ParticipantCommand, ParticipantEvent> Spec =
        new(() => null, Participant.Decide, Participant.After);

    private static readonly Registered WorksRegistered = new(Works, "Lanzhou Works", ParticipantKind.Emitter, "91620104712797011F", Noon);

    [Fact]
    public void An_organisation_is_registered_once() =>
        Spec.Given().When(new Register(Works, "Lanzhou Works", ParticipantKind.Emitter, "91620104712797011F", Noon)).Then(WorksRegistered);

    [Fact]
    public void The_same_registration_a_day_later_changes_nothing() =>
        Spec.Given(WorksRegistered)
            .When(new Register(Works, "Lanzhou Works", ParticipantKind.Emitter, "91620104712797011F", Noon.AddDays(1))).ThenNothing();

    public static TheoryData<string, ParticipantKind, string?> Others => new()
    {
        { "Baiyin Works", ParticipantKind.Emitter, "91620104712797011F" },
        { "Lanzhou Works", ParticipantKind.Trader, "91620104712797011F" },
        { "Lanzhou Works", ParticipantKind.Emitter, null },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_organisation_under_the_same_id_is_refused(string name, ParticipantKind kind, string? code) =>
        Spec.Given(WorksRegistered).When(new Register(Works, name, kind, code, Noon)).ThenRejected("id-reused");

    [Fact]
    public void A_client_is_registered_for_an_organisation() =>
        Spec.Given(WorksRegistered).When(Ask(Desk)).Then(new ClientRegistered(Works, Desk, Noon));

    [Fact]
    public void A_client_of_nobody_is_refused() => Spec.Given().When(Ask(Desk)).ThenRejected("unknown-participant");

    [Fact]
    public void The_same_client_with_its_secret_again_changes_nothing() =>
        Spec.Given(WorksRegistered, new ClientRegistered(Works, Desk, Noon))
            .When(Ask(Desk with { Roles = ["trader", "emitter"] }, ClientIdHolder.ThisRegistration)).ThenNothing();

    [Fact]
    public void The_same_client_with_another_secret_is_refused() =>
        Spec.Given(WorksRegistered, new ClientRegistered(Works, Desk, Noon))
            .When(Ask(Desk, ClientIdHolder.ThisRegistrationWithOtherSecret)).ThenRejected("id-reused");

    [Fact]
    public void The_same_client_with_more_roles_is_refused() =>
        Spec.Given(WorksRegistered, new ClientRegistered(Works, Desk with { Roles = ["emitter"] }, Noon))
            .When(Ask(Desk, ClientIdHolder.ThisRegistration)).ThenRejected("id-reused");

    [Theory]
    [InlineData(ClientIdHolder.AnotherRegistration)]
    [InlineData(ClientIdHolder.ThisRegistration)]
    public void A_client_id_that_somebody_else_holds_is_refused(ClientIdHolder holder) =>
        Spec.Given(WorksRegistered).When(Ask(Desk, holder)).ThenRejected("client-id-taken");

    [Fact]
    public void An_emitter_may_not_act_as_the_regulator() =>
        Spec.Given(WorksRegistered).When(Ask(Desk with { Roles = ["emitter", "regulator"] })).ThenRejected("role-not-allowed");

    [Theory]
    [InlineData(ParticipantKind.Trader)]
    [InlineData(ParticipantKind.Verifier)]
    [InlineData(ParticipantKind.Regulator)]
    [InlineData(ParticipantKind.Operator)]
    [InlineData(ParticipantKind.Auditor)]
    public void Every_other_kind_has_its_own_role_only(ParticipantKind kind)
    {
        var facts = Spec.Given(WorksRegistered with { Kind = kind });
        facts.When(Ask(Desk with { Roles = [kind.Word()] })).Then(new ClientRegistered(Works, Desk with { Roles = [kind.Word()] }, Noon));
        facts.When(Ask(Desk with { Roles = ["emitter"] })).ThenRejected("role-not-allowed");
    }

    [Fact]
    public void An_organisation_has_so_many_clients_and_no_more() =>
        Spec.Given(Registrations(Participant.MostClients).Prepend(WorksRegistered)).When(Ask(Desk)).ThenRejected("too-many-clients");

    [Fact]
    public void A_client_is_revoked() =>
        Spec.Given(WorksRegistered, DeskRegistered).When(Revoke(Desk)).Then(DeskRevoked);

    [Fact]
    public void A_client_is_revoked_once() =>
        Spec.Given(WorksRegistered, DeskRegistered, DeskRevoked).When(Revoke(Desk) with { At = Noon.AddDays(1) }).ThenNothing();

    [Fact]
    public void A_client_that_was_never_registered_is_not_revoked()
    {
        Spec.Given().When(Revoke(Desk)).ThenRejected("unknown-client");
        Spec.Given(WorksRegistered).When(Revoke(Desk)).ThenRejected("unknown-client");
        Spec.Given(WorksRegistered, DeskRegistered).When(Revoke(Desk with { ClientId = "DESK" })).ThenRejected("unknown-client");
    }

    [Fact]
    public void Neither_the_name_nor_the_id_of_a_revoked_client_is_used_again()
    {
        var facts = Spec.Given(WorksRegistered, DeskRegistered, DeskRevoked);
        facts.When(Ask(Desk)).ThenRejected("client-revoked");
        facts.When(Ask(Desk with { Id = NumberedId(3) }, ClientIdHolder.AnotherRegistration)).ThenRejected("client-revoked");
        facts.When(Ask(Desk with { ClientId = "new-desk" })).ThenRejected("client-revoked");
    }

    [Fact]
    public void A_client_is_replaced_by_registering_a_second_and_revoking_the_first()
    {
        var second = Desk with { Id = NumberedId(3), ClientId = "new-desk" };
        Spec.Given(WorksRegistered, DeskRegistered).After(Ask(second)).When(Revoke(Desk)).ThenState(participant =>
        {
            participant!.Clients.ShouldBe([second]);
            participant.Revoked.ShouldBe([new RevokedClient(Desk.Id, Desk.ClientId, Noon)]);
        });
    }

    [Fact]
    public void The_last_client_that_can_operate_the_platform_is_not_revoked()
    {
        var console = Desk with { Roles = ["operator"] };
        var facts = Spec.Given(WorksRegistered with { Kind = ParticipantKind.Operator }, new ClientRegistered(Works, console, Noon));
        facts.When(Revoke(console) with { OperatorsRemain = false }).ThenRejected("last-operator-client");
        facts.When(Revoke(console)).Then(DeskRevoked);
    }

    [Fact]
    public void The_last_client_of_anybody_else_is_revoked_whoever_operates() =>
        Spec.Given(WorksRegistered, DeskRegistered).When(Revoke(Desk) with { OperatorsRemain = false }).Then(DeskRevoked);

    [Fact]
    public void A_revoked_client_makes_room_for_another() =>
        Spec.Given(Registrations(Participant.MostClients).Prepend(WorksRegistered).Append(Revocation(1)))
            .When(Ask(Desk)).Then(DeskRegistered);

    [Fact]
    public void An_organisation_has_so_many_clients_ever_and_no_more() =>
        Spec.Given(Registrations(Participant.MostClientsEver).Prepend(WorksRegistered).Concat(Enumerable.Range(1, Participant.MostClientsEver).Select(Revocation)))
            .When(Ask(Desk)).ThenRejected("too-many-clients");

    private static ClientRegistered DeskRegistered => new(Works, Desk, Noon);

    private static ClientRevoked DeskRevoked => new(Works, Desk.Id, Desk.ClientId, Noon);

    private static RevokeClient Revoke(ApiClient client) => new(Works, client.ClientId, OperatorsRemain: true, Noon);

    private static IEnumerable<ParticipantEvent> Registrations(int count) => Enumerable.Range(1, count)
        .Select(number => new ClientRegistered(Works, Desk with { Id = NumberedId(number), ClientId = $"desk-{number}" }, Noon));

    private static ParticipantEvent Revocation(int number) => new ClientRevoked(Works, NumberedId(number), $"desk-{number}", Noon);

    private static RegisterClient Ask(ApiClient client, ClientIdHolder holder = ClientIdHolder.Nobody) => new(Works, client, holder, Noon);

    private static Guid NumberedId(int number) => new(number, 0, 1, [0, 0, 0, 0, 0, 0, 0, 0]);
}
