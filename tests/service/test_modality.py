from service.modality import Modality, asks_for_a_deed, modality_of


def test_a_plan_a_recommendation_and_a_denial() -> None:
    assert modality_of("It will meet.") == Modality(True, False, False)
    assert modality_of("The report recommends a fund.") == Modality(False, True, False)
    assert modality_of("None was adopted; it isn\u2019t known.") == Modality(False, False, True)
    assert modality_of("It met in May.") == Modality(False, False, False)


def test_a_question_asks_for_a_deed_unless_it_asks_for_a_plan() -> None:
    assert asks_for_a_deed("Which guidelines were adopted?")
    assert not asks_for_a_deed("Which guidelines were planned?")
    assert not asks_for_a_deed("Which guidelines should be adopted?")
    assert not asks_for_a_deed("Which guidelines are there?")
