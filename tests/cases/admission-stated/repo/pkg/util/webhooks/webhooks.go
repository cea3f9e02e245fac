package webhooks

import (
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ToAdmissionResponseError refuses because of an error.
func ToAdmissionResponseError(err error) *admissionv1.AdmissionResponse {
	return &admissionv1.AdmissionResponse{Allowed: err == nil}
}

// ToAdmissionResponse refuses because of causes.
func ToAdmissionResponse(causes []metav1.StatusCause) *admissionv1.AdmissionResponse {
	return &admissionv1.AdmissionResponse{Allowed: len(causes) == 0}
}
