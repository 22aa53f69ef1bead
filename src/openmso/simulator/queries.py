"""Questions: do the laws of conservation hold in every practice, and in the network as a whole?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from openmso.agreements.fees import charging
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.queries import agreements, law
from openmso.analytics import queries as analytics
from openmso.analytics import services as figures
from openmso.analytics.contracts import Asked
from openmso.billing.queries import deposits, owing, payments, refunds
from openmso.claims.queries import patients as parts
from openmso.claims.queries import worklist as claims
from openmso.equity.queries import facilities, ventures
from openmso.exchange.queries import transmissions
from openmso.governance import queries as governance
from openmso.governance.contracts.boards import WRITTEN
from openmso.governance.queries import boards
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.leaving.contracts import Stage
from openmso.leaving.queries import cases as exits
from openmso.ledger.contracts import Accounts, Basis, Selection
from openmso.ledger.queries import proof, selection
from openmso.platform.access import queries as access
from openmso.platform.audit import queries as audit
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.remittances.queries import cash
from openmso.settlement import queries as settlement
from openmso.settlement.contracts import SOURCE
from openmso.settlement.queries import accounts as invoices
from openmso.settlement.queries import disputes, truing
from openmso.settlement.queries import proof as proofs
from openmso.simulator.contracts import Check
from openmso.simulator.network import relations
from openmso.simulator.network.building import SETS_UP, SIGNED_AT, Network, Site, find, within
from openmso.simulator.network.world import ENDS_AT
from openmso.treasury.queries import loans
from openmso.treasury.queries import proof as payouts


def checks(network: Network | None = None) -> list[Check]:
    """Every law of a network, each named; without one of that of the demo, and of an empty database none."""
    network = network or find()
    return list(_checks(network)) if network else []


def _checks(network: Network) -> Iterator[Check]:
    sites = list(network.sites.values())
    for site in sites:
        with within(site.practice), reading():
            yield from _of_practice(site)
    practices = [site.practice for site in sites]
    yield from _fees_in_both_books(network)
    yield from _owned(network)
    with within(network.mso, *practices), reading():
        lent = loans.loans(Filters(), PageAsk(size=200)).rows
        yield Check(
            "deficit_loans_are_what_the_books_say",
            all(one.proven for one in lent),
            "What moved each deficit loan adds up to what the practice's book owes and the MSO's book is owed.",
            str(Money.total(one.balance for one in lent)),
            str(Money.total(one.mso_ledger or one.balance for one in lent)),
        )
        left = sum(transmissions.standing().values())
        yield Check(
            "every_file_reached_its_partner",
            left == 0,
            "No batch waits on its way: each that was released is with a clearinghouse or its payer.",
            str(left),
            "0",
        )
        yield from _scoped(network)
        trail = audit.verify()
        yield Check(
            "audit_chains_hold",
            trail.stands,
            f"The audit trail of every practice verifies: {trail.events:,} events.",
            str(len(trail.findings)),
            "0",
        )
        ungranted = audit.ungranted(house=[SETS_UP])
        yield Check(
            "every_act_names_its_grant",
            ungranted == 0,
            "Every event of the trail carries the grant under which somebody acted, once the agreements are signed.",
            str(ungranted),
            "0",
        )


def _scoped(network: Network) -> Iterator[Check]:
    """Every line of every invoice is in scope in its month, and one that is planted is not; figures are compared."""
    lines, outside, planted = 0, 0, 0
    payroll = terms_of({"period": "month", "components": [{"kind": "flat", "amount": "1.00", "for": "payroll.run"}]})
    for site in network.sites.values():
        for _, held, _ in settlement.fees_of(site.practice):
            version = agreements.in_force(site.practice, held.last)
            if version is None or (fee := charging.charged(version.terms, held)) is None:
                continue
            lines += len(fee.components)
            outside += len(list(charging.outside(fee, version.terms, held)))
            planted += bool(list(charging.outside(payroll, version.terms, held)))
    yield Check(
        "every_invoice_line_is_in_scope",
        outside == 0 and lines > 0,
        f"{lines} lines of invoices are for what their agreements put in scope in their months.",
        str(outside),
        "0",
    )
    yield Check(
        "an_invoice_line_outside_scope_is_refused",
        planted > 0,
        "A line for payroll, which no agreement put in scope in these months, is refused in each of them.",
        str(planted),
        str(sum(len(list(settlement.fees_of(site.practice))) for site in network.sites.values())),
    )


def of_relations(network: Network, months: int) -> Iterator[Check]:
    """The laws of relationships that ran so many months: books, fees, terms without a gap, and what is open after."""
    for code, site in network.sites.items():
        with within(site.practice), reading():
            yield _books(f"books_balance:{code}", site.entity)
            differing, kept = list(proofs.fees_that_differ(site.practice)), proofs.fees_kept(site.practice)
            differing += truing.periods_that_differ(site.practice)
            said = f"{truing.periods_kept(site.practice)} true-ups bring the invoices of a period to its fee."
            yield Check(
                f"every_fee_is_what_its_terms_and_inputs_give:{code}",
                not differing and kept == months,
                "; ".join(differing) or f"Each of {kept} fees is computed again from what was kept; {said}",
                str(kept - len(differing)),
                str(months),
            )
            (paper,) = agreements.of(site.practice)
            held = list(agreements.holding_days(paper))
            gaps = [
                after.starts_on for (_, days), (after, _) in itertools.pairwise(held) if days.ends_on != after.starts_on
            ]
            yield Check(
                f"terms_follow_each_other_without_a_gap:{code}",
                not gaps,
                f"{len(held)} versions: " + ", ".join(version.summary or "the first" for version, _ in held),
                str(len(gaps)),
                "0",
            )
            reviews = [law.review(site.practice, version.public_id) for version in paper.versions]
            yield Check(
                f"the_law_was_asked_at_every_signature_and_renewal:{code}",
                all(reviews),
                "Each version has what the rules of law came to when it was signed, or renewed.",
                str(sum(one is not None for one in reviews)),
                str(len(paper.versions)),
            )
            last = held[-1][1].ends_on
            left = [one for one in access.grants_in(site.practice) if last and last in one.days and not one.read_only]
            yield Check(
                f"nothing_is_open_after_the_end:{code}",
                not left,
                f"From {last} on no service line is open to the MSO." if last else "It goes on.",
                str(len(left)),
                "0",
            )
        with within(site.practice, network.mso), reading():
            if paid_out := sum(relations.is_paid_out(site, number) for number in range(months)):
                yield from _paid_out(site, paid_out)
            if months > relations.LAST:
                yield _parted(site)
    yield from _fees_in_both_books(network)


def _paid_out(site: Site, months: int) -> Iterator[Check]:
    """Every month was paid out by its terms, and the deficit loan is what both books say."""
    code = site.plan.code
    differing, posted = list(payouts.runs_that_differ(site.practice)), payouts.runs_posted(site.practice)
    yield Check(
        f"every_month_is_paid_out_by_its_terms:{code}",
        not differing and posted == months,
        "; ".join(differing) or f"Each of {posted} runs is computed again, and opens with what the last one left.",
        str(posted - len(differing)),
        str(months),
    )
    (paper,) = agreements.of(site.practice)
    loan = loans.of_agreement(site.practice, paper.public_id)
    is_short = any(number in relations.SHORT for number in range(months))
    lent = loan is not None and loan.lent.amount > 0
    yield Check(
        f"deficits_are_lent_and_both_books_say_so:{code}",
        lent == is_short and (loan is None or loan.proven),
        f"{loan.lent:,.2f} lent, {loan.repaid:,.2f} paid back, {loan.balance:,.2f} stands." if loan else "No loan.",
        str(loan.ledger if loan else None),
        str(loan.mso_ledger if loan else None),
    )


def _parted(site: Site) -> Check:
    """The exit is closed, and its closing has what the books and the register of loans say is open."""
    (row,) = exits.listing(filters=Filters(), page=PageAsk(), at=ENDS_AT).rows
    one = exits.today(row.public_id, ENDS_AT)
    stated = one.statements[-1].closing
    open_now = [each.due for each in invoices.unpaid(site.practice, through=Month.of(stated.on))]
    loan = loans.of_agreement(site.practice, one.agreement)
    owed = Money.total([*open_now, *([loan.balance] if loan else [])])
    told = Money.total(
        line.amount for line in stated.lines if line.source[0] == SOURCE or line.words == "Deficit loan"
    )  # fmt: skip
    whole = Money.total(line.amount for line in stated.lines if line.counts)
    return Check(
        f"it_ends_with_a_closing_and_a_certificate:{site.plan.code}",
        one.stage is Stage.CLOSED and one.certificate is not None and told == owed and whole == stated.net,
        f"{stated.whom}: {abs(stated.net):,.2f} in {len(stated.lines)} lines; {owed:,.2f} of it are invoices and loan.",
        str(told),
        str(owed),
    )


def _of_practice(site: Site) -> Iterator[Check]:
    code = site.plan.code
    charges = claims.conservation(practice=site.practice)
    on = Money.total((charges.on_claims, charges.waiting, charges.held, charges.voided))
    yield Check(
        f"charges_captured_are_billed_or_held:{code}",
        charges.holds,
        "Charges captured = lines on claims + lines waiting + held + voided; on claims = sent + not sent yet.",
        str(charges.captured),
        str(on),
    )
    apart = claims.unbalanced(practice=site.practice)
    yield Check(
        f"every_claim_is_paid_adjusted_the_patients_or_open:{code}",
        not apart,
        "; ".join(apart) or "Charged = paid + adjusted + patient + open, claim by claim, and as remittances paid it.",
        str(len(apart)),
        "0",
    )
    yield _books(f"books_balance:{code}", site.entity)
    told = governance.autonomy(site.practice, days=DayRange(SIGNED_AT.date(), None), at=ENDS_AT)
    yield Check(
        f"reserved_decisions_are_the_practices:{code}",
        told.by_licensee == told.decided and told.before_decided == 0,
        f"What the MSO proposed was decided by licensees, and nothing was carried out before: {told.decided} decided.",
        str(told.by_licensee),
        str(told.decided),
    )
    yield from _minutes(site)
    position = cash.cash_position(practice=site.practice, entity=site.entity)
    clearing = _balance(site.entity, Accounts.CASH_CLEARING)
    yield Check(
        f"cash_posted_is_banked_or_in_transit:{code}",
        position.holds,
        "Cash posted = cash banked + in transit.",
        str(position.posted),
        str(position.banked + position.in_transit),
    )
    yield Check(
        f"cash_in_transit_is_the_clearing_account:{code}",
        position.in_transit == clearing,
        "What is on its way to the bank is what the books hold in cash clearing.",
        str(position.in_transit),
        str(clearing),
    )
    differing = figures.differences(site.practice)
    yield Check(
        f"key_figures_are_as_counted:{code}",
        not differing,
        "; ".join(differing) or "What is kept of the key figures is what counting anew gives.",
        str(len(differing)),
        "0",
    )
    lines = [line for mine in owing.lines(practice=site.practice).values() for line in mine]
    by_lines, of_patients = owing.total(lines), _balance(site.entity, Accounts.AR_PATIENT)
    yield Check(
        f"patients_owe_by_line_what_the_books_say:{code}",
        by_lines == of_patients,
        "What patients owe, claim line by claim line, is what the books hold as receivable from them.",
        str(by_lines),
        str(of_patients),
    )
    ahead, credits = (
        payments.left(site.practice) + refunds.waiting(site.practice),
        -_balance(site.entity, Accounts.PATIENT_CREDITS),
    )
    yield Check(
        f"what_is_not_applied_is_the_patients:{code}",
        ahead == credits,
        "What is left of patients' payments, and kept for refunds, is what the books hold as theirs.",
        str(ahead),
        str(credits),
    )
    held, at_desk = deposits.not_banked(site.practice), _balance(site.entity, Accounts.PATIENT_RECEIPTS)
    yield Check(
        f"the_desks_money_is_at_hand_or_on_its_way:{code}",
        held == at_desk,
        "Patients' payments on no slip, or on one that is not in the bank, are what the books hold as not deposited.",
        str(held),
        str(at_desk),
    )
    billed, revenue = parts.self_pay(site.practice)
    yield Check(
        f"what_patients_pay_themselves_is_revenue:{code}",
        billed == revenue,
        "Claims that no insurer is asked for are revenue in the books, in full, from the day the patient is billed.",
        str(billed),
        str(revenue),
    )
    aged = analytics.ageing(Asked(Month.of(analytics.counted_on(site.practice))))
    owed = aged.open + aged.patient + aged.credit
    booked = _balance(site.entity, Accounts.AR_INSURANCE) + _balance(site.entity, Accounts.AR_PATIENT)
    yield Check(
        f"receivables_by_age_are_those_of_the_books:{code}",
        owed == booked,
        "What insurers and patients owe by claim and age is what the books hold as receivable.",
        str(owed),
        str(booked),
    )


def _owned(network: Network) -> Iterator[Check]:
    """Capital accounts beside the book of their entity, and what is owed of facilities beside the books of both."""
    with within(network.mso, *(site.practice for site in network.sites.values())), reading():
        for row in ventures.listing(filters=Filters(), page=PageAsk(sort="name"), at=ENDS_AT).rows:
            one = ventures.today(row.public_id, ENDS_AT)
            yield _books(f"books_balance:{one.name}", one.entity)
            yield Check(
                f"capital_accounts_are_those_of_the_book:{one.name}",
                not ventures.unequal(one),
                "What holders put in and took out is what the entity's book says, holder by holder.",
                str(len(ventures.unequal(one))),
                "0",
            )
        for lent in facilities.in_scope():
            apart = facilities.unequal(lent)
            yield Check(
                f"what_is_owed_of_facilities_is_in_both_books:{lent.practice_name}",
                not apart,
                "What schedules say is owed is what the practice's book owes and the MSO's book lent.",
                str(len(apart)),
                "0",
            )


def _fees_in_both_books(network: Network) -> Iterator[Check]:
    """What practices were charged, owe and dispute, beside what the MSO earned, waits for and holds."""
    with within(network.mso, *(site.practice for site in network.sites.values())), reading():
        yield _books("books_balance:HARBOR", network.mso_entity)
        fees = settlement.fees()
        yield Check(
            "fees_charged_are_fees_earned",
            fees.charged == fees.earned,
            "What the practices' books say they were charged is what the MSO's book says it earned.",
            str(fees.charged),
            str(fees.earned),
        )
        yield Check(
            "fees_owed_are_fees_receivable",
            fees.owed == fees.receivable,
            "What the practices still owe is what the MSO still waits for: charged = received + waiting.",
            str(fees.owed),
            str(fees.receivable),
        )
        held, contested = settlement.settlements(Filters(), PageAsk()), disputes.listed(Filters(), PageAsk())
        yield Check(
            "what_is_disputed_is_held",
            held.totals["disputed"] == contested.totals["held"],
            "What disputes contest and nobody has credited or released is what invoices hold back, and is not due.",
            str(held.totals["disputed"]),
            str(contested.totals["held"]),
        )


def _balance(entity: int, account: str) -> Money:
    """What an account stands at, debits less credits."""
    everything = Selection(entity, (account,), (Basis.COMMON, Basis.ACCRUAL), date(2999, 1, 1))
    return selection.total(everything).net


def _minutes(site: Site) -> Iterator[Check]:
    """Where a board met: the minutes are the bytes that were frozen."""
    for row in boards.listing(filters=Filters(), page=PageAsk()).rows:
        every = boards.board(row.public_id, at=ENDS_AT).meetings
        held = [boards.meeting(one.public_id) for one in every if one.state in WRITTEN]
        same = sum(sha256(boards.minutes(one.row.public_id)[0]).hexdigest() == one.minutes_sha256 for one in held)
        words = f"The minutes of {row.name} are the bytes whose hash was kept: {len(held)} meetings."
        yield Check(
            f"minutes_are_frozen:{site.plan.code}", bool(held) and same == len(held), words, str(same), str(len(held))
        )


def _books(name: str, entity: int) -> Check:
    found = proof.check(entity=entity)
    words = "; ".join(flaw.words for flaw in found.flaws) or "Debits equal credits on every basis; balances are proven."
    return Check(name, found.sound, words, str(found.debits), str(found.debits))
