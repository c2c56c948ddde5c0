using CarbonMarket.Identity.Participants;
using CarbonMarket.Testing;
using static CarbonMarket.Identity.Participants.ParticipantCommand;
using static CarbonMarket.Identity.Participants.ParticipantEvent;

namespace CarbonMarket.Identity.Tests.Participants;

public sealed class ParticipantSpecs
{
    private static readonly Guid Works = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly DateTimeOffset Noon = new(2021, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ApiClient Desk = new(Guid.Parse("00000000-0000-0000-0000-000000000002"), "desk", "Trading desk", ["emitter", "trader"], "digest");

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
    public void A_client_is_proposed_for_an_organisation_and_another_official_lets_it_in() =>
        Spec.Given(WorksRegistered).After(Ask(Desk)).When(Confirm(Desk)).Then(DeskRegistered with { ConfirmedBy = "official" });

    [Fact]
    public void A_client_that_was_only_asked_for_is_not_registered() =>
        Spec.Given(WorksRegistered).When(Ask(Desk)).Then(DeskProposed);

    [Fact]
    public void Who_asked_for_a_client_does_not_confirm_it() =>
        Spec.Given(WorksRegistered, DeskProposed).When(Confirm(Desk) with { By = "operator" }).ThenRejected("four-eyes");

    [Fact]
    public void A_client_is_confirmed_once() =>
        Spec.Given(WorksRegistered, DeskProposed).After(Confirm(Desk)).When(Confirm(Desk) with { By = "another" }).ThenNothing();

    [Fact]
    public void Nothing_is_confirmed_that_nobody_asked_for()
    {
        Spec.Given().When(Confirm(Desk)).ThenRejected("unknown-client");
        Spec.Given(WorksRegistered).When(Confirm(Desk)).ThenRejected("unknown-client");
    }

    [Fact]
    public void A_client_that_was_revoked_while_it_waited_is_not_confirmed() =>
        Spec.Given(WorksRegistered, DeskProposed).After(Revoke(Desk)).When(Confirm(Desk)).ThenRejected("client-revoked");

    [Theory]
    [InlineData(ParticipantKind.Regulator, true)]
    [InlineData(ParticipantKind.Operator, true)]
    [InlineData(ParticipantKind.Auditor, false)]
    [InlineData(ParticipantKind.Verifier, false)]
    [InlineData(ParticipantKind.Trader, false)]
    public void Where_nobody_could_confirm_only_one_who_can_is_let_in_at_once(ParticipantKind kind, bool atOnce)
    {
        var client = Desk with { Roles = [kind.Word()] };
        Spec.Given(WorksRegistered with { Kind = kind }).When(Ask(client) with { IsAlone = true })
            .Then(atOnce ? new ClientRegistered(Works, client, Noon) : new ClientProposed(Works, client, "operator", Noon));
    }

    [Fact]
    public void A_client_of_nobody_is_refused() => Spec.Given().When(Ask(Desk)).ThenRejected("unknown-participant");

    [Fact]
    public void The_same_client_with_its_secret_again_changes_nothing()
    {
        var again = Ask(Desk with { Roles = ["trader", "emitter"] }) with { IsTaken = true };
        Spec.Given(WorksRegistered, DeskProposed).When(again).ThenNothing();
        Spec.Given(WorksRegistered, DeskRegistered).When(again).ThenNothing();
    }

    [Fact]
    public void The_same_client_with_another_secret_is_refused()
    {
        var other = Ask(Desk with { SecretDigest = "other digest" }) with { IsTaken = true };
        Spec.Given(WorksRegistered, DeskProposed).When(other).ThenRejected("id-reused");
        Spec.Given(WorksRegistered, DeskRegistered).When(other).ThenRejected("id-reused");
    }

    [Fact]
    public void A_client_from_before_there_were_digests_is_the_same_client() =>
        Spec.Given(WorksRegistered, new ClientRegistered(Works, Desk with { SecretDigest = null }, Noon))
            .When(Ask(Desk) with { IsTaken = true }).ThenNothing();

    [Fact]
    public void The_same_client_with_more_roles_is_refused() =>
        Spec.Given(WorksRegistered, new ClientRegistered(Works, Desk with { Roles = ["emitter"] }, Noon))
            .When(Ask(Desk) with { IsTaken = true }).ThenRejected("id-reused");

    [Fact]
    public void A_client_id_that_somebody_else_holds_is_refused() =>
        Spec.Given(WorksRegistered).When(Ask(Desk) with { IsTaken = true }).ThenRejected("client-id-taken");

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
        facts.When(Ask(Desk with { Roles = [kind.Word()] })).Then(new ClientProposed(Works, Desk with { Roles = [kind.Word()] }, "operator", Noon));
        facts.When(Ask(Desk with { Roles = ["emitter"] })).ThenRejected("role-not-allowed");
    }

    [Fact]
    public void An_organisation_has_so_many_clients_and_no_more() =>
        Spec.Given(Registrations(Participant.MostClients - 1).Prepend(WorksRegistered)).After(Ask(Desk))
            .When(Ask(Desk with { Id = NumberedId(Participant.MostClients), ClientId = "one-too-many" })).ThenRejected("too-many-clients");

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
        facts.When(Ask(Desk with { Id = NumberedId(3) }) with { IsTaken = true }).ThenRejected("client-revoked");
        facts.When(Ask(Desk with { ClientId = "new-desk" })).ThenRejected("client-revoked");
    }

    [Fact]
    public void A_client_is_replaced_by_registering_a_second_and_revoking_the_first()
    {
        var second = Desk with { Id = NumberedId(3), ClientId = "new-desk" };
        Spec.Given(WorksRegistered, DeskRegistered).After(Ask(second)).After(Confirm(second)).When(Revoke(Desk)).ThenState(participant =>
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
        facts.When(Revoke(console) with { Others = new RemainingOfficials(Operators: 0, All: 5) }).ThenRejected("last-operator-client");
        facts.When(Revoke(console)).Then(DeskRevoked);
    }

    [Fact]
    public void The_last_client_of_anybody_else_is_revoked_whoever_operates() =>
        Spec.Given(WorksRegistered, DeskRegistered).When(Revoke(Desk) with { Others = default }).Then(DeskRevoked);

    [Theory]
    [InlineData(ParticipantKind.Operator)]
    [InlineData(ParticipantKind.Regulator)]
    public void Two_clients_of_officials_remain_one_to_register_and_one_to_confirm(ParticipantKind kind)
    {
        var console = Desk with { Roles = [kind.Word()] };
        var facts = Spec.Given(WorksRegistered with { Kind = kind }, new ClientRegistered(Works, console, Noon));
        facts.When(Revoke(console) with { Others = new RemainingOfficials(Operators: 1, All: 1) }).ThenRejected("too-few-officials");
        facts.When(Revoke(console) with { Others = new RemainingOfficials(Operators: 1, All: 2) }).Then(DeskRevoked);
    }

    [Fact]
    public void An_officials_client_that_nobody_has_confirmed_is_always_revoked() =>
        Spec.Given(WorksRegistered with { Kind = ParticipantKind.Operator }, DeskProposed).When(Revoke(Desk) with { Others = default }).Then(DeskRevoked);

    [Fact]
    public void A_revoked_client_makes_room_for_another() =>
        Spec.Given(Registrations(Participant.MostClients).Prepend(WorksRegistered).Append(Revocation(1)))
            .When(Ask(Desk)).Then(DeskProposed);

    [Fact]
    public void An_organisation_has_so_many_clients_ever_and_no_more() =>
        Spec.Given(Registrations(Participant.MostClientsEver).Prepend(WorksRegistered).Concat(Enumerable.Range(1, Participant.MostClientsEver).Select(Revocation)))
            .When(Ask(Desk)).ThenRejected("too-many-clients");

    private static ClientProposed DeskProposed => new(Works, Desk, "operator", Noon);

    private static ClientRegistered DeskRegistered => new(Works, Desk, Noon);

    private static ClientRevoked DeskRevoked => new(Works, Desk.Id, Desk.ClientId, Noon);

    private static RevokeClient Revoke(ApiClient client) => new(Works, client.ClientId, new RemainingOfficials(Operators: 1, All: 2), Noon);

    private static IEnumerable<ParticipantEvent> Registrations(int count) => Enumerable.Range(1, count)
        .Select(number => new ClientRegistered(Works, Desk with { Id = NumberedId(number), ClientId = $"desk-{number}" }, Noon));

    private static ParticipantEvent Revocation(int number) => new ClientRevoked(Works, NumberedId(number), $"desk-{number}", Noon);

    private static RegisterClient Ask(ApiClient client) => new(Works, client, IsTaken: false, "operator", IsAlone: false, Noon);

    private static ConfirmClient Confirm(ApiClient client) => new(Works, client.Id, "official", Noon);

    private static Guid NumberedId(int number) => new(number, 0, 1, [0, 0, 0, 0, 0, 0, 0, 0]);
}
